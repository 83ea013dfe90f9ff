//! Lessons as a person reads them.

use serde_json::json;

use crate::{Page, Result};

/// Gives the page a file, as if it had been dropped on it.
///
/// # Errors
/// When there is no stage.
pub async fn drop_file(page: &Page, name: &str, text: &str) -> Result {
    let script = "const data = new DataTransfer();
        data.items.add(new File([arguments[1]], arguments[0]));
        document.querySelector('.stage').dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: data }));";
    page.js(script, vec![json!(name), json!(text)]).await
}

/// Waits until the lesson is at this place, with nothing under way.
///
/// # Errors
/// When it never is.
pub async fn at(page: &Page, place: &str) -> Result {
    page.until(&format!("the lesson to be at {place}"), async || {
        let lesson = "[data-testid=lesson]";
        let now = page.attribute_of(lesson, "data-place").await?;
        let busy = page.attribute_of(lesson, "data-busy").await?;
        Ok((now == place && busy == "false").then_some(()))
    })
    .await?;
    page.ready().await
}

/// Waits until the step is done.
///
/// # Errors
/// When it never is.
pub async fn done(page: &Page) -> Result {
    page.until("the step to be done", async || {
        let done = page
            .attribute_of("[data-testid=lesson]", "data-done")
            .await?;
        Ok((done == "true").then_some(()))
    })
    .await?;
    page.ready().await
}
