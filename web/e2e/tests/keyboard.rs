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
        until_focused(page, "disk-pages").await?;
        page.retype("256").await?;
        page.keys(Key::Enter).await?;
        page.until_there("disk-submit", false).await?;
        page.ready().await?;
        assert_eq!(page.free_pages().await?, 224);

        // An object, by Tab to the button.
        page.tab_to("new-object").await?;
        page.keys(Key::Enter).await?;
        until_focused(page, "object-name").await?;
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
        until_focused(page, "write-text").await?;
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
        page.ready().await?;
        assert_eq!(page.stored().await?.blocks.len(), 0);
        Ok(())
    })
    .await
}

/// The keys that help names, as a person names them.
const KEYS: &str =
    "d|w|r|o|Shift o|a|x|Shift f|Delete|s|n|t|:|k, Space|,|.|[|]|<|>|l|1|2|3|4|f|?|Escape";

/// The views, each with the part of its picture that takes the arrow keys.
const PICTURES: [(&str, &str); 5] = [
    ("stripes", "stripe-map"),
    ("linear", "linear-map"),
    ("tree", "tree-picture"),
    ("metadata", "metadata"),
    ("memory", "memory"),
];

#[tokio::test]
async fn all_that_is_seen_can_be_gone_through_by_keyboard() -> Result {
    visit(async |page| {
        page.tab_to("start-empty").await?;
        press(page, Key::Enter).await?;
        page.until_there("start-empty", false).await?;
        page.keys(":").await?;
        until_focused(page, "command").await?;
        for command in [
            "swapon 0 4096",
            "create heap 64",
            "fill heap 0..63 with label 7",
            "pageout heap 0..31",
        ] {
            give(page, command).await?;
        }

        // Each view: into its picture, to something in it, and to its table and back.
        page.tab_to("view-stripes").await?;
        for (i, (view, picture)) in PICTURES.into_iter().enumerate() {
            let tab = format!("view-{view}");
            for _ in 0..8 {
                if page.focused().await? == tab {
                    break;
                }
                press(page, Key::Right).await?;
            }
            assert_eq!(page.focused().await?, tab, "the arrows lead to view {i}");
            assert_eq!(
                page.attribute(&tab, "aria-selected").await?.as_deref(),
                Some("true")
            );
            page.focus_is_seen().await?;
            page.tab_to(picture).await?;
            press(page, Key::Escape).await?;
            for key in [Key::Home, Key::Down, Key::Right, Key::Left, Key::Enter] {
                press(page, key).await?;
            }
            let inspector = page.text("inspector").await?;
            let says = ["Block ", "heap", "Node ", "Root", "Leaf ", "Frame"];
            assert!(
                says.iter().any(|word| inspector.contains(word)),
                "nothing was selected in {view}: {inspector}"
            );
            page.keys("t").await?;
            let pressed = page.attribute("table-toggle", "aria-pressed").await?;
            assert_eq!(pressed.as_deref(), Some("true"));
            page.keys("t").await?;
            page.tab_back_to(&tab).await?;
        }

        // The inspector's links, and back; by the name of the disk to how it behaves.
        page.tab_to("select-range").await?;
        page.retype("20").await?;
        page.tab_to_css("[data-testid=inspector] .facts [data-link='1']")
            .await?;
        press(page, Key::Enter).await?;
        shows(page, "Block 148").await?;
        page.tab_back_to("inspector-back").await?;
        press(page, Key::Enter).await?;
        shows(page, "page 20").await?;
        page.tab_back_to("view-memory").await?;
        press(page, Key::Right).await?;
        page.tab_to("disk-head").await?;
        press(page, Key::Enter).await?;
        page.tab_to("disk-settings").await?;
        press(page, Key::Enter).await?;
        until_focused(page, "plan-delay").await?;
        page.retype("1").await?;
        press(page, Key::Enter).await?;
        page.until_there("plan-delay", false).await?;
        page.tab_to("machine").await?;
        press(page, Key::Enter).await?;
        until_focused(page, "machine-async").await?;
        press(page, Key::Escape).await?;
        page.until_there("machine-async", false).await?;

        // Time: back and on, to both ends, played, and gone on from.
        let end = page.events().await?;
        page.keys("<").await?;
        let before = page.moment().await?.0;
        assert!(before < end);
        page.tab_to("transport-stride").await?;
        page.tab_to("transport-forward").await?;
        press(page, Key::Enter).await?;
        page.until_moment(before + 1).await?;
        page.tab_to("timeline").await?;
        press(page, Key::Home).await?;
        page.until_moment(0).await?;
        press(page, Key::End).await?;
        page.until_moment(end).await?;
        page.keys("<").await?;
        page.tab_to("transport-play").await?;
        press(page, Key::Space).await?;
        page.until("it to be played", async || {
            Ok((page.moment().await?.0 > before).then_some(()))
        })
        .await?;
        page.keys("l").await?;
        page.until_moment(end).await?;
        page.keys("<").await?;
        page.until_moment(before).await?;
        page.tab_to("transport-go-on").await?;
        press(page, Key::Enter).await?;
        page.tab_to("go-on-confirm").await?;
        press(page, Key::Enter).await?;
        page.until("the moment to be the present", async || {
            Ok((page.moment().await? == (before, true)).then_some(()))
        })
        .await?;

        // Transfers, one failed, one completed, and the rest.
        page.tab_to("view-stripes").await?;
        for _ in 0..4 {
            press(page, Key::Right).await?;
        }
        page.tab_to("by-hand-toggle").await?;
        press(page, Key::Space).await?;
        page.keys(":").await?;
        page.keys("pageout heap 0..63").await?;
        press(page, Key::Escape).await?;
        press(page, Key::Enter).await?;
        page.until_there("transfer-row", true).await?;
        page.tab_to("transfer-row").await?;
        page.keys("f").await?;
        page.until_log_tells("failed").await?;
        until_focused(page, "transfer-row").await?;
        press(page, Key::Enter).await?;
        page.tab_to("transfers-all").await?;
        page.until("all to be over", async || {
            if page.focused().await? == "transfers-all" {
                press(page, Key::Enter).await?;
            }
            Ok((!page.is_busy().await?).then_some(()))
        })
        .await?;

        // Help has all keys; a border moves; the middle fills the screen, and no longer.
        page.keys("?").await?;
        page.find_css("dialog[open]").await?;
        let keys = "return Array.from(document.querySelectorAll('.keys kbd'), (key) => key.textContent).join('|');";
        let keys: String = page.js(keys, vec![]).await?;
        assert!(keys.starts_with(KEYS), "{keys}");
        press(page, Key::Escape).await?;
        page.until("help to close", async || {
            Ok((page.count_css("dialog").await? == 0).then_some(()))
        })
        .await?;
        let width = async || Ok::<f64, swap_playground_e2e::Error>(page.find_css(".objects").await?.rect().await?.width);
        let usual = width().await?;
        page.tab_to("border-objects").await?;
        press(page, Key::Right).await?;
        assert!(width().await? > usual);
        page.keys("f").await?;
        page.until("the middle to fill the screen", async || {
            let full = "return document.fullscreenElement !== null;";
            let full: bool = page.js(full, vec![]).await?;
            Ok((full && !page.shown(".objects").await?).then_some(()))
        })
        .await?;
        press(page, Key::Escape).await?;
        page.until("the objects to be back", async || {
            Ok(page.shown(".objects").await?.then_some(()))
        })
        .await
    })
    .await
}

async fn press(page: &Page, key: Key) -> Result {
    page.keys(key.value().to_string()).await
}

/// Types a command into the command box, which has the focus.
async fn give(page: &Page, command: &str) -> Result {
    page.retype(command).await?;
    // The list of completions would take the key.
    press(page, Key::Escape).await?;
    press(page, Key::Enter).await?;
    page.ready().await
}

/// Waits until the inspector tells this.
async fn shows(page: &Page, text: &str) -> Result {
    page.until(&format!("the inspector to tell “{text}”"), async || {
        Ok(page.text("inspector").await?.contains(text).then_some(()))
    })
    .await
}

/// Waits until the focus is there; where a dialog opens, that is its first field.
async fn until_focused(page: &Page, field: &str) -> Result {
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
