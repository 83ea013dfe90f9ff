//! The parts of the program that are fetched later: where that fails it is said, and can be tried again.

use serde_json::json;
use swap_playground_e2e::{LOOKS, Page, Result, visit};

/// Has no part be had that is fetched after the stage, until `window.cut` is false.
const CUT: &str = "
    window.cut ??= true;
    const had = window.fetch;
    window.fetch = (what, ...how) =>
        window.cut && /_split_(more|lessons)/.test(String(what)) ? Promise.reject(new TypeError('cut off')) : had(what, ...how);";

#[tokio::test]
async fn a_part_that_could_not_be_fetched_is_asked_for_again() -> Result {
    visit(async |page| {
        page.before_each_load(CUT).await?;
        page.reload().await?;
        page.start_empty().await?;
        page.press("view-tree").await?;
        page.until_there("later-again", true).await?;
        let told: String = page
            .js(
                "return document.querySelector('#view [role=alert]').textContent;",
                vec![],
            )
            .await?;
        assert!(told.contains("could not be fetched"), "{told}");
        for look in LOOKS {
            page.look(look).await?;
            page.is_accessible("a part that is not there").await?;
        }
        page.look(LOOKS[0]).await?;

        // What is there goes on.
        page.press("view-stripes").await?;
        page.until_there("stripe-map", true).await?;
        // A dialog that can't be had can be done without.
        page.press("add-disk").await?;
        page.until_there("later-leave", true).await?;
        page.is_accessible("a dialog that is not there").await?;
        page.press("later-leave").await?;
        page.until_there("later-leave", false).await?;
        // The view is still not to be had; then it is.
        page.press("view-tree").await?;
        page.press("later-again").await?;
        page.until_there("later-again", true).await?;
        cut(page, false).await?;
        page.press("later-again").await?;
        page.until_there("later-again", false).await?;
        let view = "return document.getElementById('view').textContent;";
        page.until("the view", async || {
            let text: String = page.js(view, vec![]).await?;
            Ok(text.contains("The first disk makes the tree").then_some(()))
        })
        .await?;
        // The rest of that part is there with it, and the lessons are to be had.
        page.press("add-disk").await?;
        page.until_there("disk-pages", true).await?;
        page.close_dialog().await?;
        page.press("learn").await?;
        page.until_there("learn-dialog", true).await
    })
    .await
}

async fn cut(page: &Page, cut: bool) -> Result {
    page.js("window.cut = arguments[0]; return null;", vec![json!(cut)])
        .await
}
