//! The page on paper.

use std::path::Path;

use serde_json::json;
use swap_playground_e2e::{Page, Result, visit};

async fn on_paper(page: &Page, theme: &str) -> Result {
    let media = json!({ "media": "print", "features": [{ "name": "prefers-color-scheme", "value": theme }] });
    page.driver()
        .cdp()
        .send_raw("Emulation.setEmulatedMedia", media)
        .await?;
    page.next_frame().await?;
    Ok(())
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
            page.look(swap_playground_e2e::Look::default()).await?;
            page.next_frame().await?;
        }
        Ok(())
    })
    .await
}
