//! Documentation of others with playgrounds in it: mdBook, Sphinx, MkDocs and Docusaurus. Its sources are in
//! `www/examples/hosts`; `pkg-scripts/test hosts` builds it.

use serde::Deserialize;
use serde_json::json;
use swap_playground_e2e::{Page, Result, Site, visit};
use thirtyfour::prelude::*;

/// What all of them are asked for.
struct Host {
    /// Its folder.
    name: &'static str,
    /// A page with a playground that opens a session.
    page: &'static str,
    /// Keys that the host takes for itself, and a script that tells whether it has.
    keys: &'static str,
    taken: &'static str,
    /// A script that turns the host dark, as a person does.
    dark: &'static str,
}

const HOSTS: [Host; 4] = [
    Host {
        name: "mdbook",
        page: "leaves.html",
        keys: "s",
        taken: "return document.activeElement?.id === 'mdbook-searchbar';",
        dark: "document.getElementById('mdbook-theme-navy').click(); return null;",
    },
    Host {
        name: "sphinx",
        page: "index.html",
        keys: "/",
        taken: "return document.activeElement?.name === 'q';",
        // From what the system has to light, and to dark.
        dark: "const [button] = document.querySelectorAll('.theme-toggle');
            for (let presses = 0; presses < 3 && document.body.dataset.theme !== 'dark'; presses += 1) button.click();
            return null;",
    },
    Host {
        name: "mkdocs",
        page: "",
        keys: "f",
        taken: "return document.querySelector('[data-md-toggle=search]').checked;",
        dark: "document.getElementById('__palette_1').click(); return null;",
    },
    Host {
        name: "docusaurus",
        page: "",
        // It has no keys of its own without a search.
        keys: "",
        taken: "return false;",
        dark: "const button = () => document.querySelector('[class*=toggleButton]');
            for (let presses = 0; presses < 3 && document.documentElement.dataset.theme !== 'dark'; presses += 1) {
                button().click();
                await new Promise((on) => requestAnimationFrame(() => setTimeout(on)));
            }
            return null;",
    },
];

/// Finds the first playground as `element`, and waits until it is ready.
const READY: &str = "
    await until('the element', () => customElements.get('swap-playground'));
    const element = await until('a playground', () => document.querySelector('swap-playground'));
    await element.start();
    await until('the session', () => { try { return element.snapshot(); } catch { return null; } });
    const inside = (selector) => element.shadowRoot.querySelector(selector);
";

/// A server of what was built, if it was.
fn hosts() -> Result<Option<Site>> {
    let Some(folder) = std::env::var_os("SWAP_PLAYGROUND_HOSTS") else {
        println!(
            "skipped: SWAP_PLAYGROUND_HOSTS is not set; `pkg-scripts/test hosts` builds what this is about"
        );
        return Ok(None);
    };
    Site::serve_copy(folder.as_ref()).map(Some)
}

async fn go(page: &Page, site: &Site, path: &str) -> Result {
    let address = format!("{}{path}", site.url());
    page.driver().goto(address.as_str()).await?;
    Ok(())
}

async fn look(page: &Page, name: &str) -> Result {
    if let Ok(folder) = std::env::var("PICTURES") {
        let file = format!("{folder}/host-{name}.png");
        page.driver()
            .screenshot(std::path::Path::new(&file))
            .await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_session_opens_in_each_of_them_and_takes_commands() -> Result {
    #[derive(Debug, Deserialize)]
    struct Found {
        on_swap: usize,
        objects: Vec<String>,
        font: String,
        heading: String,
        outside: Vec<String>,
    }
    let Some(site) = hosts()? else { return Ok(()) };
    visit(async |page| {
        for host in &HOSTS {
            go(page, &site, &format!("{}/{}", host.name, host.page)).await?;
            let script = format!(
                "const look = () => ['body', 'h1', 'p', 'a'].map((name) => {{
                     const {{ fontFamily, color, backgroundColor, margin }} = getComputedStyle(document.querySelector(name));
                     return [fontFamily, color, backgroundColor, margin].join(' | ');
                 }});
                 const before = look();
                 {READY}
                 await until('the pages on swap', () => element.snapshot().objects[0]?.onSwap.length === 48);
                 const on_swap = element.snapshot().objects[0].onSwap.length;
                 element.run('create stack 8');
                 await until('the object', () => element.snapshot().objects.length === 2);
                 const heading = getComputedStyle(inside('.objects h2'));
                 // Twice is harmless.
                 const own = customElements.get('swap-playground');
                 await import('/playground/swap-playground.js?again');
                 if (customElements.get('swap-playground') !== own) throw new Error('another element');
                 const after = look();
                 return {{ on_swap, objects: [...element.shadowRoot.querySelectorAll('.card-name')].map((name) => name.textContent),
                     font: getComputedStyle(inside('.stage')).fontFamily,
                     heading: [heading.fontFamily, heading.textTransform, heading.marginTop, heading.borderTopWidth].join(),
                     outside: before.filter((look, i) => look !== after[i]) }};"
            );
            let found: Found = page.js_async(&script, vec![]).await?;
            println!("{}: {found:?}", host.name);
            look(page, host.name).await?;
            assert_eq!(found.on_swap, 48, "{}", host.name);
            assert_eq!(found.objects.len(), 2, "{}", host.name);
            assert_eq!(found.font, "system-ui, sans-serif", "{}", host.name);
            assert_eq!(found.heading, "system-ui, sans-serif,uppercase,0px,0px", "{}", host.name);
            assert!(found.outside.is_empty(), "{}: {:?}", host.name, found.outside);
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn keys_are_whose_they_are_pressed_for() -> Result {
    let Some(site) = hosts()? else { return Ok(()) };
    visit(async |page| {
        for host in &HOSTS {
            let path = format!("{}/{}", host.name, host.page);
            go(page, &site, &path).await?;
            let address = page.driver().current_url().await?;
            // What is typed in a field of ours is typed there, and nothing else comes of it.
            let script = format!(
                "{READY}
                 // Where there is not much room it is behind a tab.
                 await until('the objects', () => inside('.objects'));
                 if (!inside('.objects').checkVisibility()) inside('[data-testid=tab-objects]').click();
                 const field = await until('a field', () => [inside('[data-testid=select-range]')].find((field) => field?.checkVisibility()));
                 field.focus();
                 field.select();
                 return null;"
            );
            page.js_async::<()>(&script, vec![]).await?;
            page.keys("s?/fnp,.").await?;
            let typed: String = page
                .js("return document.querySelector('swap-playground').shadowRoot.activeElement.value;", vec![])
                .await?;
            assert_eq!(typed, "s?/fnp,.", "{}", host.name);
            page.keys(Key::Left + Key::Left + Key::Right).await?;
            // Nor of keys that go from tab to tab, or over a picture.
            for selector in ["[role=tab][aria-selected=true]", "[data-testid=stripe-map]"] {
                let focus = format!(
                    "{READY}
                     const tab = inside('[data-testid=tab-views]');
                     if (tab.checkVisibility()) tab.click();
                     const part = await until('what takes the keys', () => [inside(args[0])].find((part) => part?.checkVisibility()));
                     part.focus();
                     await until('the focus', () => element.shadowRoot.activeElement === part);
                     return null;"
                );
                page.js_async::<()>(&focus, vec![json!(selector)]).await?;
                page.keys(Key::Right + Key::Right + Key::Left).await?;
            }
            assert_eq!(page.driver().current_url().await?, address, "{}", host.name);
            let taken: bool = page.js(host.taken, vec![]).await?;
            assert!(!taken, "{} took a key of the playground", host.name);
            let shown: bool = page
                .js("return document.getElementById('mdbook-help-container')?.checkVisibility() ?? false;", vec![])
                .await?;
            assert!(!shown, "{} shows its help", host.name);
            // And the host's keys are the host's.
            if !host.keys.is_empty() {
                page.js::<()>("document.activeElement?.blur(); return null;", vec![]).await?;
                page.keys(host.keys).await?;
                page.until("the host to take its key", async || {
                    let taken: bool = page.js(host.taken, vec![]).await?;
                    Ok(taken.then_some(()))
                })
                .await?;
            }
        }
        // With nothing of ours in focus an arrow turns the page of a book.
        go(page, &site, "mdbook/leaves.html").await?;
        page.js_async::<()>(&format!("{READY} return null;"), vec![]).await?;
        page.keys(Key::Right).await?;
        page.until("the next page", async || {
            let there = page.driver().current_url().await?.path().ends_with("five.html");
            Ok(there.then_some(()))
        })
        .await
    })
    .await
}

#[tokio::test]
async fn it_is_dark_where_the_page_around_is() -> Result {
    #[derive(Debug, Deserialize)]
    struct Colors {
        scheme: String,
        ground: String,
        map: u32,
    }
    const COLORS: &str = "
        const element = document.querySelector('swap-playground');
        const inside = (selector) => element.shadowRoot.querySelector(selector);
        const canvas = inside('[data-testid=stripe-canvas]');
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        let [sum, all] = [0, 0];
        for (let at = 0; at < data.length; at += 4) if (data[at + 3] > 128) { sum += data[at] + data[at + 1] + data[at + 2]; all += 3; }
        return { scheme: getComputedStyle(inside('.playground')).colorScheme, ground: getComputedStyle(inside('.playground')).backgroundColor, map: Math.round(sum / (all || 1)) };";
    let Some(site) = hosts()? else { return Ok(()) };
    visit(async |page| {
        for host in &HOSTS {
            // They share an origin here, and two of them the name that they keep their theme by.
            page.js::<()>("try { localStorage.clear(); } catch { } return null;", vec![]).await?;
            go(page, &site, &format!("{}/{}", host.name, host.page)).await?;
            page.js_async::<()>(&format!("{READY} await until('the pages', () => element.snapshot().objects[0]?.onSwap.length === 48); return null;"), vec![]).await?;
            page.next_frame().await?;
            let light = page
                .until("something on the map", async || {
                    let colors: Colors = page.js(COLORS, vec![]).await?;
                    Ok((colors.map > 0).then_some(colors))
                })
                .await?;
            page.js_async::<()>(host.dark, vec![]).await?;
            let dark = page
                .until("it to be dark", async || {
                    let colors: Colors = page.js(COLORS, vec![]).await?;
                    Ok((colors.scheme == "dark" && colors.map < light.map).then_some(colors))
                })
                .await?;
            println!("{}: {light:?} {dark:?}", host.name);
            look(page, &format!("{}-dark", host.name)).await?;
            assert_ne!(light.scheme, "dark", "{}", host.name);
            assert_ne!(light.ground, dark.ground, "{}", host.name);
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn five_in_a_page_of_a_book_have_one_program() -> Result {
    let Some(site) = hosts()? else { return Ok(()) };
    visit(async |page| {
        go(page, &site, "mdbook/five.html").await?;
        let script = "await until('the element', () => customElements.get('swap-playground'));
            const all = [...document.querySelectorAll('swap-playground')];
            const far = all.at(-1).shadowRoot.querySelector('.stage') === null;
            const names = ['Stripes', 'Linear', 'Radix tree', 'Metadata', 'Memory'];
            for (const [i, one] of all.entries()) {
                one.scrollIntoView();
                await until(names[i], () => one.shadowRoot.querySelector('[role=tab][aria-selected=true]')?.textContent === names[i]);
            }
            all.at(-1).run('create heap 16');
            await until('the object', () => all.at(-1).snapshot().objects.length === 1);
            return [far, performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('_bg.wasm')).length,
                all.map((one) => one.snapshot().objects.length)];";
        let (far, programs, objects): (bool, u32, Vec<u32>) =
            page.js_async(script, vec![]).await?;
        assert!(far, "the last was made ready before it came near");
        assert_eq!((programs, objects), (1, vec![0, 0, 0, 0, 1]));
        look(page, "five").await
    })
    .await
}

#[tokio::test]
async fn frames_work_in_them() -> Result {
    let Some(site) = hosts()? else { return Ok(()) };
    visit(async |page| {
        for path in ["mdbook/frame.html", "sphinx/tree.html", "mkdocs/tree/", "docusaurus/tree/"] {
            go(page, &site, path).await?;
            let script = "const frame = await until('the frame', () => document.querySelector('iframe[title=\"Swap Playground\"]'));
                frame.scrollIntoView();
                const told = [];
                addEventListener('message', ({ data, source }) => source === frame.contentWindow && told.push(data));
                await until('the stage in it', () => frame.contentDocument?.querySelector('[data-busy]'));
                const ask = (call, args = []) => frame.contentWindow.postMessage({ target: 'swap-playground', id: call, call, args }, '*');
                ask('run', ['swapon 0 512']);
                await until('the answer', () => told.some(({ kind, id }) => kind === 'result' && id === 'run'));
                await until('a step', () => told.some(({ kind }) => kind === 'step'));
                ask('snapshot');
                const answer = await until('how it is', () => told.find(({ kind, id }) => kind === 'result' && id === 'snapshot'));
                return answer.value.freePages;";
            let free: u32 = page.js_async(script, vec![]).await?;
            // The first stripe is kept.
            assert_eq!(free, 480, "{path}");
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn pages_that_come_and_go_in_docusaurus_have_theirs() -> Result {
    let Some(site) = hosts()? else { return Ok(()) };
    visit(async |page| {
        go(page, &site, "docusaurus/").await?;
        page.js_async::<()>(&format!("{READY} return null;"), vec![]).await?;
        for _ in 0..2 {
            // Without a page being loaded.
            page.js::<()>("window.stays = true; document.querySelector('article a[href$=\"tree\"], article a[href$=\"tree/\"]').click(); return null;", vec![]).await?;
            let script = "await until('the page', () => document.getElementById('free'));
                document.querySelector('swap-playground').scrollIntoView();
                const free = await until('its commands', () => {
                    const free = document.getElementById('free').textContent;
                    return free === String(1024 - 32 - 32) && free;
                });
                return [free, window.stays === true];";
            let (free, stays): (String, bool) = page.js_async(script, vec![]).await?;
            assert_eq!((free.as_str(), stays), ("960", true));
            page.driver().back().await?;
            page.js_async::<()>(
                &format!("await until('the first page', () => !document.getElementById('free')); {READY}
                    await until('its session', () => element.snapshot().objects[0]?.onSwap.length === 48); return null;"),
                vec![],
            )
            .await?;
        }
        Ok(())
    })
    .await
}

/// Pages that are written on a server import what they show there, too.
#[test]
fn where_there_is_no_page_an_import_does_nothing() -> Result {
    let site = std::env::var("SWAP_PLAYGROUND_SITE")?;
    let script = "
        const before = Object.getOwnPropertyNames(globalThis).join();
        await import(process.argv[1]);
        await import(`${process.argv[1]}?again`);
        if (Object.getOwnPropertyNames(globalThis).join() !== before) throw new Error('it left something behind');";
    let folder = tempfile::tempdir()?;
    let module = folder.path().join("swap-playground.mjs");
    std::fs::copy(
        std::path::Path::new(&site).join("swap-playground.js"),
        &module,
    )?;
    let node = std::process::Command::new("node")
        .args(["--input-type=module", "--eval", script])
        .arg(format!("file://{}", module.display()))
        .output()?;
    assert!(
        node.status.success(),
        "{}",
        String::from_utf8_lossy(&node.stderr)
    );
    assert!(node.stdout.is_empty() && node.stderr.is_empty());
    Ok(())
}
