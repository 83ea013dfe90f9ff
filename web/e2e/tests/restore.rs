//! What was written survives a reload, at whatever moment it comes.

use serde::Deserialize;
use swap_pager::units::{ObjectId, PageIndex};
use swap_playground_e2e::{Page, Result, visit};

const PAGES: u32 = 2048;

#[tokio::test]
async fn a_reload_in_the_middle_of_a_pageout_loses_nothing() -> Result {
    visit(async |page| {
        page.start_empty().await?;
        for _ in 0..4 {
            page.add_disk(1024).await?;
        }
        page.new_object(Some("heap"), PAGES).await?;
        page.fill("all").await?;
        let cut = reload_amid_pageout(page).await?;
        assert!(cut.busy && cut.in_flight > 0, "not in the middle: {cut:?}");

        // What was under way goes on by itself, to its end.
        page.ready().await?;
        page.until("the pageout to end", async || {
            Ok((page.in_flight().await? == 0).then_some(()))
        })
        .await?;
        page.until_log_tells("done: 2\u{202f}048 written").await?;
        let usable = 4 * (1024 - 32);
        assert_eq!(page.free_pages().await?, usable - PAGES);

        // Every page lies on the disks, and what lies there is what was written.
        let pattern = page.swap_holds(PAGES).await?;

        // And comes back.
        page.choose(1).await?;
        page.read("all").await?;
        assert_eq!(page.transferred("read").await?, PAGES);
        for number in [0, 1, 15, 16, 511, 1024, 1500, PAGES - 1] {
            let written = pattern.bytes(ObjectId(1), PageIndex(number));
            assert!(
                page.bytes(number).await? == written,
                "page {number} was read back"
            );
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn text_that_was_written_is_there_again() -> Result {
    visit(async |page| {
        page.start_empty().await?;
        page.add_disk(256).await?;
        page.new_object(None, 4).await?;
        page.write(2, "Swap is where pages sleep.").await?;
        page.page_out("all").await?;

        page.reload().await?;
        page.choose(1).await?;
        page.read("2").await?;
        let hex = page.bytes(2).await?;
        let text = b"Swap is where pages sleep.";
        assert_eq!(&hex[..text.len()], text);
        assert!(hex[text.len()..].iter().all(|byte| *byte == 0));
        Ok(())
    })
    .await
}

/// What the page showed when it was reloaded.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Cut {
    busy: bool,
    in_flight: u32,
}

/// Forces all pages out, and reloads the page while some are on the disks already and others are
/// on their way.
async fn reload_amid_pageout(page: &Page) -> Result<Cut> {
    page.select("all").await?;
    // Each frame is looked at in the page itself: from outside, the moment would be missed.
    let watch = "const shown = (id) => document.querySelector(`[data-testid=\"${id}\"]`).dataset;
        const look = () => {
            const inFlight = Number(shown('in-flight').count);
            const some = document.querySelector('[data-testid=log]').textContent.includes('iodone');
            if (inFlight === 0 || !some) {
                requestAnimationFrame(look);
                return;
            }
            const busy = document.querySelector('main').dataset.busy === 'true';
            sessionStorage.setItem('cut', JSON.stringify({ busy, inFlight }));
            location.reload();
        };
        window.isOld = true;
        look();";
    let () = page.js(watch, vec![]).await?;
    page.press("pageout").await?;
    let cut = page
        .until("the page to be reloaded", async || {
            let cut = "return window.isOld ? null : sessionStorage.getItem('cut');";
            page.js::<Option<String>>(cut, vec![]).await
        })
        .await?;
    page.ready().await?;
    Ok(serde_json::from_str(&cut)?)
}
