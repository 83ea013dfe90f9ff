//! The command box: what the log prints can be typed, with completion and history.

use swap_playground_e2e::{Page, Result, visit};
use thirtyfour::Key;

async fn type_command(page: &Page, text: &str) -> Result {
    page.type_into("command", text).await?;
    page.type_into("command", &Key::Enter.to_string()).await?;
    page.ready().await
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
            type_command(&page, command).await?;
        }
        let stripes = page.stripes().await?;
        let pages: u32 = stripes.iter().map(|run| run.last - run.first + 1).sum();
        assert_eq!(pages, 64, "{stripes:?}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn completion_and_history_by_keyboard() -> Result {
    visit(async |page| {
        page.start_empty().await?;
        for command in ["swapon 0 4096", "create heap 64"] {
            type_command(&page, command).await?;
        }
        let text = async || page.value_of("command").await;
        page.type_into("command", "dest").await?;
        page.type_into("command", &Key::Tab.to_string()).await?;
        assert_eq!(text().await?, "destroy ");
        page.type_into("command", "h").await?;
        page.type_into("command", &Key::Down.to_string()).await?;
        page.type_into("command", &Key::Enter.to_string()).await?;
        assert_eq!(text().await?, "destroy heap ");
        // Another thought: what was typed before comes back.
        for _ in 0.."destroy heap ".len() {
            page.type_into("command", &Key::Backspace.to_string())
                .await?;
        }
        page.type_into("command", &Key::Up.to_string()).await?;
        assert_eq!(text().await?, "create heap 64");
        page.type_into("command", &Key::Up.to_string()).await?;
        assert_eq!(text().await?, "swapon 0 4096");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_can_not_be_done_says_why_and_keeps_the_text() -> Result {
    visit(async |page| {
        page.start_empty().await?;
        type_command(&page, "create heap 64").await?;
        for (command, reason) in [
            ("pgaeout heap", "pageout"),
            ("read hep 0", "heap"),
            ("read heap 60..70", "63"),
            ("fill heap 3..", "3.."),
        ] {
            type_command(&page, command).await?;
            let told = page.text_of("command-told").await?;
            assert!(told.contains(reason), "{command}: {told}");
            assert_eq!(page.value_of("command").await?, command);
            for _ in 0..command.len() {
                page.type_into("command", &(Key::End.to_string() + &Key::Backspace))
                    .await?;
            }
        }
        Ok(())
    })
    .await
}
