//! All of it by keyboard alone: no click, and no focus but by Tab.

use swap_playground_e2e::{Page, Result, visit};
use thirtyfour::Key;

#[tokio::test]
async fn everything_can_be_done_by_keyboard() -> Result {
    visit(async |page| {
        page.tab_to("start-empty").await?;
        page.keys(Key::Enter).await?;
        page.until_there("start-empty", false).await?;

        // A disk, by its shortcut; the field has the focus.
        page.keys("s").await?;
        dialog(page, "disk-pages").await?;
        page.retype("256").await?;
        page.keys(Key::Enter).await?;
        page.until_there("disk-submit", false).await?;
        page.ready().await?;
        assert_eq!(page.free_pages().await?, 224);

        // An object, by Tab to the button.
        page.tab_to("new-object").await?;
        page.keys(Key::Enter).await?;
        dialog(page, "object-name").await?;
        page.keys("heap").await?;
        page.tab_to("object-pages").await?;
        page.retype("64").await?;
        page.keys(Key::Enter).await?;
        page.until_there("object-submit", false).await?;
        page.ready().await?;
        assert_eq!(page.focused().await?, "new-object", "the focus comes back");

        // Pages 0 to 2, selected with the arrow keys, and dirtied.
        page.tab_to("page-grid").await?;
        page.keys(Key::Home).await?;
        page.chord(&[Key::Shift], Key::Right).await?;
        page.chord(&[Key::Shift], Key::Right).await?;
        assert_eq!(selected(page).await?, "0..2");
        page.keys("d").await?;
        page.until_log_tells("3 zero-filled").await?;

        // All of them, dirtied, out and one back.
        page.keys("a").await?;
        assert_eq!(selected(page).await?, "0..63");
        page.keys("d").await?;
        page.ready().await?;
        page.keys("o").await?;
        page.until_log_tells("64 left memory").await?;
        page.ready().await?;
        assert_eq!(page.stored().await?.blocks.len(), 64);
        page.keys(Key::End).await?;
        page.keys("r").await?;
        page.ready().await?;

        // Its bytes.
        page.tab_to("hex").await?;
        let text = page.hex_text().await?;
        assert!(text.starts_with("object 1 page 63 "), "{text}");

        // A block on the map.
        page.chord(&[Key::Shift], Key::Tab).await?;
        page.tab_to("stripe-map").await?;
        page.keys(Key::Home).await?;
        page.keys(Key::Down).await?;
        page.keys(Key::Right).await?;
        let inspector = page.text("inspector").await?;
        assert!(inspector.contains("Block 129"), "{inspector}");

        // Text, typed into a field for the page that the block holds.
        page.keys("w").await?;
        dialog(page, "write-text").await?;
        page.keys("by hand").await?;
        page.tab_to("write-submit").await?;
        page.keys(Key::Space).await?;
        page.until_there("write-submit", false).await?;
        page.ready().await?;
        assert!(page.hex_text().await?.starts_with("by hand"));

        // A range, typed.
        page.tab_to("select-range").await?;
        page.retype("all").await?;
        page.tab_to("pageout-object").await?;
        page.keys(Key::Enter).await?;
        page.ready().await?;

        // The table, help, and closing with Escape.
        page.keys("t").await?;
        page.until_there("stripe-table", true).await?;
        page.keys("?").await?;
        page.find_css("dialog[open]").await?;
        page.keys(Key::Escape).await?;
        page.until("help to close", async || {
            Ok((page.focused().await? == "pageout-object").then_some(()))
        })
        .await?;

        page.tab_to("clear-all").await?;
        page.keys(Key::Enter).await?;
        page.tab_to("clear-confirm").await?;
        page.keys(Key::Enter).await?;
        page.until_there("start-demo", true).await?;
        assert_eq!(page.stored().await?.blocks.len(), 0);
        Ok(())
    })
    .await
}

/// A dialog is open, and the focus is in its first field.
async fn dialog(page: &Page, field: &str) -> Result {
    page.until(&format!("the focus in {field}"), async || {
        Ok((page.focused().await? == field).then_some(()))
    })
    .await
}

/// What the field of the selected pages says.
async fn selected(page: &Page) -> Result<String> {
    let script = "return document.querySelector('[data-testid=select-range]').value;";
    page.js(script, vec![]).await
}
