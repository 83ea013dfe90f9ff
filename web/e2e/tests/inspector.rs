//! The inspector: every thing has its facts, and they lead to each other.

use serde_json::json;
use swap_playground_e2e::{LOOKS, Page, Result, visit};
use thirtyfour::Key;

async fn give(page: &Page, commands: &[&str]) -> Result {
    for command in commands {
        page.enter("command", command).await?;
        page.keys(Key::Enter.value().to_string()).await?;
        page.ready().await?;
    }
    Ok(())
}

async fn machine(page: &Page) -> Result {
    page.start_empty().await?;
    give(
        page,
        &[
            "swapon 0 256",
            "create heap 64",
            "fill heap 0..31 with label 1",
            "pageout heap 0..31",
        ],
    )
    .await
}

/// The value of a fact.
async fn fact(page: &Page, term: &str) -> Result<Option<String>> {
    let script = "const lines = Array.from(document.querySelectorAll('.inspector .facts > div'));
        const line = lines.find((line) => line.querySelector('dt').textContent === arguments[0]);
        return line?.querySelector('dd').textContent ?? null;";
    page.js(script, vec![json!(term)]).await
}

async fn until_fact(page: &Page, term: &str, value: &str) -> Result {
    page.until(&format!("{term} to be {value}"), async || {
        let found = fact(page, term).await?;
        Ok(found.is_some_and(|found| found == value).then_some(()))
    })
    .await
}

async fn title(page: &Page) -> Result<String> {
    let script = "return document.getElementById('inspector-title').textContent;";
    page.js(script, vec![]).await
}

async fn until_title(page: &Page, text: &str) -> Result {
    page.until(&format!("the inspector to show {text}"), async || {
        Ok((title(page).await? == text).then_some(()))
    })
    .await
}

/// Presses the link of a fact.
async fn follow(page: &Page, term: &str) -> Result {
    let script = "const lines = Array.from(document.querySelectorAll('.inspector .facts > div'));
        lines.find((line) => line.querySelector('dt').textContent === arguments[0])
            .querySelector('button').click();";
    page.js(script, vec![json!(term)]).await
}

#[tokio::test]
async fn links_lead_from_thing_to_thing_and_back() -> Result {
    visit(async |page| {
        machine(page).await?;
        page.choose(1).await?;
        page.select("20").await?;
        until_title(page, "heap, page 20").await?;
        assert_eq!(fact(page, "Swap block").await?.as_deref(), Some("148"));
        follow(page, "Swap block").await?;
        until_title(page, "Block 148").await?;
        follow(page, "On disk").await?;
        until_title(page, "Disk 0").await?;
        assert_eq!(fact(page, "In use").await?.as_deref(), Some("32"));
        assert_eq!(fact(page, "Free").await?.as_deref(), Some("192"));
        assert_eq!(
            fact(page, "Behaves").await?.as_deref(),
            Some("quick, never fails")
        );
        page.press("inspector-back").await?;
        until_title(page, "Block 148").await?;
        // The same by keyboard.
        page.chord(&[Key::Alt], Key::Left).await?;
        until_title(page, "heap, page 20").await?;
        page.chord(&[Key::Alt], Key::Right).await?;
        page.chord(&[Key::Alt], Key::Right).await?;
        until_title(page, "Disk 0").await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_disk_itself_can_be_looked_at() -> Result {
    visit(async |page| {
        machine(page).await?;
        page.choose(1).await?;
        page.select("3").await?;
        page.press("peek").await?;
        page.until("what lies on the disk", async || {
            let script =
                "return document.querySelector('[data-testid=disk-hex]')?.textContent ?? '';";
            let text: String = page.js(script, vec![]).await?;
            Ok(text.contains("object 1").then_some(()))
        })
        .await?;
        assert!(page.text("peeked").await?.contains("block 35 of disk 0"));
        // It was no page-in.
        assert_eq!(page.transferred("read").await?, 0);
        assert_eq!(fact(page, "State").await?.as_deref(), Some("on swap only"));
        // Bytes that were harmed are told of.
        page.harm_block((0, 36)).await?;
        page.select("4").await?;
        page.press("peek").await?;
        let told = page.text("peeked").await?;
        assert!(!told.contains("ok"), "{told}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_object_can_be_driven_as_a_disk() -> Result {
    visit(async |page| {
        machine(page).await?;
        page.choose(1).await?;
        assert_eq!(fact(page, "Kind").await?.as_deref(), Some("swap"));
        assert_eq!(fact(page, "On swap only").await?.as_deref(), Some("32"));
        page.select("40..43").await?;
        page.press_css("[data-testid=as-disk] summary").await?;
        page.press("direct-write").await?;
        page.ready().await?;
        until_fact(page, "On swap only", "4").await?;
        page.press("direct-read").await?;
        page.ready().await?;
        assert_eq!(page.transferred("read").await?, 4);
        page.press("direct-delete").await?;
        page.ready().await?;
        until_fact(page, "Never touched", "4").await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_disk_can_be_switched_off_where_it_is_inspected() -> Result {
    visit(async |page| {
        machine(page).await?;
        page.choose(1).await?;
        page.select("20").await?;
        follow(page, "On disk").await?;
        until_title(page, "Disk 0").await?;
        page.press("disk-off").await?;
        page.ready().await?;
        until_title(page, "Empty slot 0").await?;
        assert_eq!(page.free_pages().await?, 0);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn pointing_at_a_fact_marks_it_in_the_map() -> Result {
    visit(async |page| {
        machine(page).await?;
        page.choose(1).await?;
        page.select("20").await?;
        let before = page.canvas("stripe-canvas").await?;
        let script = "const link = Array.from(document.querySelectorAll('.why .link')).find((link) => link.textContent === arguments[0]);
            link.dispatchEvent(new MouseEvent('mouseover', { bubbles: true })); return link !== undefined;";
        assert!(page.js::<bool>(script, vec![json!("Leaf 4")]).await?);
        page.until("the leaf to stand out", async || {
            page.next_frame().await?;
            let after = page.canvas("stripe-canvas").await?;
            Ok((!after.rows().eq(before.rows())).then_some(()))
        })
        .await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_is_inspected_is_accessible() -> Result {
    visit(async |page| {
        machine(page).await?;
        page.choose(1).await?;
        for look in LOOKS {
            page.look(look).await?;
            let narrow = page.tabs().await?.iter().any(|tab| tab == "inspector");
            for subject in ["object", "disk", "block"] {
                if narrow {
                    page.show_tab("objects").await?;
                }
                match subject {
                    "object" => page.choose(1).await?,
                    "disk" => {
                        page.select("20").await?;
                        follow(page, "On disk").await?;
                        until_title(page, "Disk 0").await?;
                    }
                    _ => {
                        page.select("20").await?;
                        follow(page, "Swap block").await?;
                    }
                }
                if narrow {
                    page.show_tab("inspector").await?;
                }
                page.is_accessible(&format!("the inspector of {subject}, {look}"))
                    .await?;
            }
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn words_lead_to_the_glossary() -> Result {
    visit(async |page| {
        machine(page).await?;
        page.choose(1).await?;
        page.select("20").await?;
        until_title(page, "heap, page 20").await?;
        page.press("help").await?;
        page.find_css(".words a").await?;
        let script = "
            const links = [...document.querySelectorAll('.inspector dt a, .words a')];
            const entries = {};
            const missing = [];
            for (const { href } of links) {
                const [address, entry] = href.split('#');
                entries[address] ??= new DOMParser().parseFromString(await (await fetch(address)).text(), 'text/html');
                if (!entries[address].getElementById(entry)) missing.push(href);
            }
            return [links.map(({ textContent }) => textContent), missing];";
        let (words, missing): (Vec<String>, Vec<String>) = page.js_async(script, vec![]).await?;
        assert!(missing.is_empty(), "{missing:?}");
        for word in ["Object", "Slot", "Swap block", "blist", "stripe"] {
            assert!(words.iter().any(|known| known == word), "{word}: {words:?}");
        }
        Ok(())
    })
    .await
}
