//! Transfers by hand: a person chooses their order and which of them fail.

use serde_json::json;
use swap_playground_e2e::{LOOKS, Page, Result, Screen, visit};
use thirtyfour::Key;

/// What a test id says of itself as a number.
async fn number(page: &Page, id: &str, name: &str) -> Result<u32> {
    let value = page.attribute(id, name).await?.unwrap_or_default();
    Ok(value.parse()?)
}

/// The numbers of the transfers in flight.
async fn flying(page: &Page) -> Result<Vec<u32>> {
    let script = "return Array.from(document.querySelectorAll(arguments[0]),
        (row) => row.dataset.waiting === 'true' ? Number(row.dataset.io) : 0);";
    page.js(script, vec![json!("[data-testid=transfer-row]")])
        .await
}

async fn until_flying(page: &Page, count: usize) -> Result<Vec<u32>> {
    page.until(&format!("{count} transfers to wait"), async || {
        let ios = flying(page).await?;
        Ok((ios.len() == count && !ios.contains(&0)).then_some(ios))
    })
    .await
}

fn row(io: u32) -> String {
    format!("[data-testid=transfer-row][data-io=\"{io}\"]")
}

/// By hand, with as many writes under way as there may be: 4 of 16 pages.
async fn four_wait(page: &Page) -> Result<Vec<u32>> {
    page.page_out_by_hand().await?;
    until_flying(page, 4).await
}

#[tokio::test]
async fn a_person_chooses_the_order_and_what_fails() -> Result {
    visit(async |page| {
        let ios = four_wait(page).await?;
        assert_eq!(number(page, "pools", "data-wcount-async").await?, 0);
        assert_eq!(number(page, "pools", "data-async-max").await?, 4);
        let nswbuf = number(page, "pools", "data-nswbuf").await?;
        assert_eq!(number(page, "pools", "data-free").await?, nswbuf - 4);
        assert_eq!(page.count("buffer-cells").await?, 1);
        let waits = page.text("waits").await?;
        assert!(
            waits.contains("wswbuf0") && waits.contains("pageout heap 0..127"),
            "{waits}"
        );

        // The third goes first, and another takes its place.
        page.press_css(&format!("{} [data-testid=transfer-complete]", row(ios[2])))
            .await?;
        page.until("the third to be over", async || {
            let now = flying(page).await?;
            Ok((now.len() == 4 && !now.contains(&ios[2]) && !now.contains(&0)).then_some(()))
        })
        .await?;
        let done = page.log_lines("iodone").await?;
        assert_eq!(done.len(), 1, "{done:?}");
        assert!(done[0].contains("256+16"), "the third cluster: {done:?}");

        // The first fails: its pages stay in memory, dirty, and have no block.
        page.press_css(&format!("{} [data-testid=transfer-fail]", row(ios[0])))
            .await?;
        page.until_log_tells("failed").await?;
        let failed = page.log_lines("failed").await?;
        assert!(
            failed.iter().any(|line| line.contains("128+16")),
            "{failed:?}"
        );

        page.until("the rest to be done", async || {
            if page.count("transfers-all").await? > 0 {
                page.press("transfers-all").await?;
            }
            page.next_frame().await?;
            Ok((!page.is_busy().await?).then_some(()))
        })
        .await?;
        assert_eq!(number(page, "transfers-count", "data-count").await?, 0);
        assert_eq!(number(page, "pools", "data-wcount-async").await?, 4);
        page.choose(1).await?;
        page.select("3").await?;
        let inspector = page.text("inspector").await?;
        assert!(inspector.contains("in memory, dirty"), "{inspector}");
        page.select("40").await?;
        let inspector = page.text("inspector").await?;
        assert!(!inspector.contains("in memory, dirty"), "{inspector}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn transfers_are_completed_and_failed_by_keyboard() -> Result {
    visit(async |page| {
        let ios = four_wait(page).await?;
        page.tab_to("transfer-row").await?;
        page.keys(Key::Down).await?;
        let focused = "return Number(document.activeElement.dataset.io);";
        assert_eq!(page.js::<u32>(focused, vec![]).await?, ios[1]);
        let inspector = || async {
            let script = "document.activeElement.click();";
            let () = page.js(script, vec![]).await?;
            page.next_frame().await?;
            page.text("inspector").await
        };
        let told = inspector().await?;
        assert!(
            told.contains(&format!("I/O {}", ios[1])) && told.contains("144..159"),
            "{told}"
        );

        page.keys("f").await?;
        page.until_log_tells("failed").await?;
        page.until("the focus to go on", async || {
            let focused: Option<u32> = page.js(focused, vec![]).await?;
            Ok((focused == Some(ios[2])).then_some(()))
        })
        .await?;
        page.keys(Key::Enter).await?;
        page.until("the third to be over", async || {
            let done = page.log_lines("iodone write").await?;
            Ok((done.len() == 2).then_some(()))
        })
        .await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn automatic_again_lets_all_go_on() -> Result {
    visit(async |page| {
        four_wait(page).await?;
        page.press("by-hand-toggle").await?;
        page.ready().await?;
        assert_eq!(page.stored().await?.blocks.len(), 128);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_buffers_view_is_accessible() -> Result {
    visit(async |page| {
        four_wait(page).await?;
        for look in LOOKS {
            page.look(look).await?;
            if look.screen == Screen::Narrow {
                page.show_tab("views").await?;
            }
            let over = "return document.documentElement.scrollHeight - innerHeight;";
            assert!(
                page.js::<f64>(over, vec![]).await? <= 0.0,
                "{look}: the page scrolls"
            );
            for _ in 0..2 {
                page.is_accessible(&format!("buffers, {look}")).await?;
                page.press("table-toggle").await?;
            }
        }
        page.press("table-toggle").await?;
        let left = "[data-testid=pools-table] [data-pool=nsw_wcount_async]";
        assert_eq!(page.attribute_of(left, "data-left").await?, "0");
        Ok(())
    })
    .await
}
