//! The tests' own tools find what they are there to find.

use swap_playground_e2e::{Result, visit};

#[tokio::test]
async fn an_error_on_the_console_fails_a_test() {
    let visited = visit(async |page| {
        let script =
            "const heard = new Promise((on) => addEventListener('error', on, { once: true }));
            setTimeout(() => { throw new Error('deliberate'); });
            await heard;
            return null;";
        page.js_async(script, vec![]).await
    });
    let error = visited.await.err().map(|error| error.to_string());
    assert!(
        error.is_some_and(|error| error.contains("deliberate")),
        "it went unnoticed"
    );
}

#[tokio::test]
async fn a_button_without_a_name_is_found() -> Result {
    visit(async |page| {
        page.is_accessible("the page as it is").await?;
        let script = "document.querySelector('main').append(document.createElement('button'));";
        let () = page.js(script, vec![]).await?;
        let found = page.is_accessible("the page with a nameless button").await;
        let error = found.err().map(|error| error.to_string());
        assert!(
            error.is_some_and(|error| error.contains("button-name")),
            "it went unnoticed"
        );
        Ok(())
    })
    .await
}
