//! The parts of the program that are fetched later: where that fails it is said, and can be tried again.

use serde_json::json;
use swap_playground_e2e::{LOOKS, Page, Result, visit};

/// Has no part be had that is fetched after the stage, until `window.cut` is false.
const CUT: &str = "
    window.cut ??= true;
    window.refused = 0;
    const had = window.fetch;
    window.fetch = (what, ...how) => {
        if (!window.cut || !/_split_(more|lessons)/.test(String(what))) return had(what, ...how);
        window.refused += 1;
        return Promise.reject(new TypeError('cut off'));
    };";

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
        page.until_there("later-again", true).await?;
        let before = refused(page).await?;
        page.press("later-again").await?;
        page.until("it to be refused once more", async || {
            let asked = refused(page).await? > before;
            Ok((asked && page.count("later-again").await? > 0).then_some(()))
        })
        .await?;
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

/// How often a part was asked for in vain.
async fn refused(page: &Page) -> Result<u32> {
    page.js("return window.refused;", vec![]).await
}

async fn cut(page: &Page, cut: bool) -> Result {
    page.js("window.cut = arguments[0]; return null;", vec![json!(cut)])
        .await
}
