//! The page on paper.

use std::path::Path;

use serde_json::json;
use swap_playground_e2e::{Look, Page, Result, Scheme, Screen, visit, visit_as};

async fn on_paper(page: &Page, theme: &str) -> Result {
    let media = json!({ "media": "print", "features": [{ "name": "prefers-color-scheme", "value": theme }] });
    page.driver()
        .cdp()
        .send_raw("Emulation.setEmulatedMedia", media)
        .await?;
    let query = format!("print and (prefers-color-scheme: {theme})");
    page.until("the page to be on paper", async || {
        let matches = "return matchMedia(arguments[0]).matches;";
        Ok(page
            .js::<bool>(matches, vec![json!(query)])
            .await?
            .then_some(()))
    })
    .await?;
    page.next_frame().await
}

#[tokio::test]
async fn the_view_is_printed_and_nothing_to_press() -> Result {
    visit(async |page| {
        page.start_empty().await?;
        page.add_disk(2048).await?;
        page.new_object(Some("heap"), 300).await?;
        page.fill("all").await?;
        page.page_out("all").await?;
        for (view, table) in [("stripes", false), ("memory", false), ("stripes", true)] {
            page.press(&format!("view-{view}")).await?;
            if table {
                page.press("table-toggle").await?;
            }
            on_paper(page, "light").await?;
            if let Ok(folder) = std::env::var("PICTURES") {
                let file = Path::new(&folder).join(format!("print-{view}-{table}.png"));
                page.driver().screenshot(&file).await?;
            }
            let script = "const shown = (selector) => Array.from(document.querySelectorAll(selector)).filter((part) => part.checkVisibility());
                const view = document.getElementById('view').getBoundingClientRect();
                return {
                    pressed: shown('button').map((button) => button.textContent),
                    pictures: shown('#view canvas').length,
                    rows: shown('#view tr').length,
                    // What is cut off can't be scrolled to on paper.
                    cut: shown('#view *').filter((part) => part.scrollHeight > part.clientHeight + 2 && getComputedStyle(part).overflowY !== 'visible' && part.clientHeight > 2).length,
                    height: view.height,
                };";
            let found: serde_json::Value = page.js(script, vec![]).await?;
            println!("{found}");
            let tab: Vec<&str> = found["pressed"].as_array().ok_or("no list")?.iter().filter_map(|text| text.as_str()).collect();
            assert!(tab.iter().all(|text| text.starts_with("disk ") || ["Stripes", "Memory"].contains(text)), "{tab:?}");
            assert_eq!(found["cut"], 0);
            assert_eq!(found["pictures"], u8::from(!table));
            if table {
                assert!(found["rows"].as_u64() >= Some(4));
            }
            page.look(Look::default()).await?;
            page.next_frame().await?;
        }
        Ok(())
    })
    .await
}

const DARK: Look = Look {
    screen: Screen::Wide,
    scheme: Scheme::Dark,
};

/// Prints the page, and tells what the canvases were like while it was printed: what share of each
/// is dark.
const PRINTED: &str = "
    window.printed = [];
    const look = (canvas) => {
        // Inverted.
        if ('late' in canvas.dataset) return 0;
        const { width, height } = canvas;
        if (width === 0 || height === 0) return 0;
        const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
        let [dark, all] = [0, 0];
        for (let at = 0; at < data.length; at += 4) {
            if (data[at + 3] < 128) continue;
            all += 1;
            if (data[at] + data[at + 1] + data[at + 2] < 200) dark += 1;
        }
        return all ? dark / all : 0;
    };
    const [element] = document.getElementsByTagName('swap-playground');
    const root = element?.shadowRoot ?? document;
    matchMedia('print').addEventListener('change', ({ matches }) => {
        if (matches) window.printed = window.dark();
    });
    window.dark = () => [...root.querySelectorAll('canvas')].map(look);
    return null;";

async fn print(page: &Page) -> Result<(Vec<f64>, Vec<f64>, Vec<f64>)> {
    let before: Vec<f64> = page.js("return window.dark();", vec![]).await?;
    let wanted = json!({ "printBackground": true });
    let browser = page.driver().cdp();
    let pdf = browser.send_raw("Page.printToPDF", wanted).await?;
    if let (Ok(folder), Some(data)) = (std::env::var("PICTURES"), pdf["data"].as_str()) {
        use base64::Engine;
        let pdf = base64::prelude::BASE64_STANDARD.decode(data)?;
        std::fs::write(Path::new(&folder).join("printed.pdf"), pdf)?;
    }
    let printed: Vec<f64> = page
        .js_async(
            "return await until('the end of printing', () => window.printed.length > 0 && window.printed);",
            vec![],
        )
        .await?;
    let after = page
        .until("what was before", async || {
            let after: Vec<f64> = page.js("return window.dark();", vec![]).await?;
            Ok((after == before).then_some(after))
        })
        .await?;
    Ok((before, printed, after))
}

#[tokio::test]
async fn a_dark_page_is_light_on_paper_and_dark_again_after() -> Result {
    visit_as(DARK, async |page| {
        page.start_empty().await?;
        page.add_disk(2048).await?;
        page.js::<()>(PRINTED, vec![]).await?;
        let (before, printed, after) = print(page).await?;
        println!("{before:?} {printed:?} {after:?}");
        assert!(before[0] > 0.8, "it was not dark: {before:?}");
        assert!(printed.iter().all(|dark| *dark < 0.2), "{printed:?}");
        assert_eq!(before, after);
        // What has no time to be painted anew is inverted.
        let script = "dispatchEvent(new Event('beforeprint'));
            const all = [...document.querySelectorAll('canvas')];
            const late = all.filter((canvas) => 'late' in canvas.dataset).length;
            await until('the painters', () => all.every((canvas) => !('late' in canvas.dataset)));
            dispatchEvent(new Event('afterprint'));
            return late === all.length;";
        assert!(page.js_async::<bool>(script, vec![]).await?);
        // The same where somebody only looks what paper would be like.
        on_paper(page, "dark").await?;
        page.until("the canvases to be light", async || {
            let looked: Vec<f64> = page.js("return window.dark();", vec![]).await?;
            Ok(looked.iter().all(|dark| *dark < 0.2).then_some(()))
        })
        .await
    })
    .await
}

#[tokio::test]
async fn an_element_is_light_on_paper_too() -> Result {
    visit_as(DARK, async |page| {
        let site = page.driver().current_url().await?;
        let example = site.join("examples/dark.html")?;
        page.driver().goto(example.as_str()).await?;
        let ready = "const element = document.querySelector('swap-playground');
            await customElements.whenDefined('swap-playground');
            await element.start();
            await until('the session', () => { try { return element.snapshot(); } catch { return null; } });
            element.run('swapon 0 1024');
            await until('the disk', () => element.snapshot().freePages > 0);
            return null;";
        page.js_async::<()>(ready, vec![]).await?;
        page.next_frame().await?;
        page.js::<()>(PRINTED, vec![]).await?;
        let (before, printed, after) = print(page).await?;
        println!("{before:?} {printed:?} {after:?}");
        assert!(before.iter().any(|dark| *dark > 0.5), "it was not dark: {before:?}");
        assert!(printed.iter().all(|dark| *dark < 0.2), "{printed:?}");
        assert_eq!(before, after);
        Ok(())
    })
    .await
}
