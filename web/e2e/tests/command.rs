//! The command box: what the log prints can be typed, with completion and history.

use swap_playground_e2e::{Page, Result, visit};
use thirtyfour::Key;

async fn press(page: &Page, key: Key) -> Result {
    page.keys(key.value().to_string()).await
}

async fn type_command(page: &Page, text: &str) -> Result {
    page.enter("command", text).await?;
    // The list of completions would take the key.
    press(page, Key::Escape).await?;
    press(page, Key::Enter).await?;
    page.ready().await
}

/// What is in the field that has the focus.
async fn typed(page: &Page) -> Result<String> {
    page.js("return document.activeElement.value;", vec![])
        .await
}

#[tokio::test]
async fn a_whole_machine_can_be_typed() -> Result {
    visit(async |page| {
        page.start_empty().await?;
        for command in [
            "swapon 0 4096",
            "swapon disk 1, 4 096 pages",
            "create heap 64",
            "fill heap 0..63 with label 7",
            "putpages 1 0..63",
        ] {
            type_command(page, command).await?;
        }
        let rows = page.stripe_table().await?;
        let pages: u32 = rows.iter().map(|row| row.last - row.first + 1).sum();
        assert_eq!(pages, 64, "{rows:?}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn completion_and_history_by_keyboard() -> Result {
    visit(async |page| {
        page.start_empty().await?;
        for command in ["swapon 0 4096", "create heap 64"] {
            type_command(page, command).await?;
        }
        page.keys("dest").await?;
        press(page, Key::Tab).await?;
        assert_eq!(typed(page).await?, "destroy ");
        page.keys("h").await?;
        press(page, Key::Down).await?;
        press(page, Key::Enter).await?;
        assert_eq!(typed(page).await?, "destroy heap ");
        // Another thought: what was typed before comes back.
        page.enter("command", "").await?;
        press(page, Key::Up).await?;
        assert_eq!(typed(page).await?, "create heap 64");
        press(page, Key::Up).await?;
        assert_eq!(typed(page).await?, "swapon 0 4096");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn lines_of_scripts_can_be_typed_comments_and_all() -> Result {
    visit(async |page| {
        page.start_empty().await?;
        for command in [
            "swapon 0 4096 # a small disk",
            "create heap 64",
            "# nothing but a comment",
            "fill heap 0..15 #all of them",
            "disk 0 fail writes 1",
        ] {
            type_command(page, command).await?;
            assert_eq!(typed(page).await?, "", "{command} is done");
        }
        type_command(page, "pageout heap 0..15 sync").await?;
        page.until("the write to fail", async || {
            let last = page.text("last-result").await?;
            Ok(last.contains("could not be written").then_some(()))
        })
        .await?;
        for (line, reason) in [
            ("xyzzy", "sysctl, disk, by, complete, fail"),
            ("disk 9 unplug", "Disk 9 is not on"),
            ("complete 900", "does not wait"),
            ("machine frames 64", "above all others"),
            ("swapon 67108864 4096", "0 to 67108863"),
        ] {
            type_command(page, line).await?;
            let told = page.text("command-told").await?;
            assert!(told.contains(reason), "{line}: {told}");
        }
        page.enter("command", "").await?;
        page.keys("dis").await?;
        press(page, Key::Tab).await?;
        assert!(typed(page).await?.starts_with("disk "));
        type_command(page, "by hand").await?;
        type_command(page, "read heap 3").await?;
        type_command(page, "by itself").await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_can_not_be_done_says_why_and_keeps_the_text() -> Result {
    visit(async |page| {
        page.start_empty().await?;
        type_command(page, "create heap 64").await?;
        for (command, reason) in [
            ("pgaeout heap", "pageout"),
            ("read hep 0", "heap"),
            ("read heap 60..70", "63"),
            ("fill heap 3..", "3.."),
        ] {
            type_command(page, command).await?;
            let told = page.text("command-told").await?;
            assert!(told.contains(reason), "{command}: {told}");
            assert_eq!(typed(page).await?, command);
        }
        Ok(())
    })
    .await
}
