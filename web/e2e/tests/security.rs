//! What the page forbids itself.

use serde_json::json;
use swap_playground_e2e::{Result, visit};

#[tokio::test]
async fn scripts_and_styles_in_the_page_are_refused() -> Result {
    visit(async |page| {
        let refused: Vec<String> = page
            .js_async(
                "const refused = [];
                 addEventListener('securitypolicyviolation', (event) => refused.push(event.effectiveDirective));
                 const script = document.createElement('script');
                 script.textContent = 'window.ran = true';
                 const style = document.createElement('style');
                 style.textContent = 'body { display: none }';
                 const picture = new Image();
                 picture.src = 'http://127.0.0.1:9/other-origin.png';
                 document.head.append(script, style, picture);
                 document.body.setAttribute('onclick', 'window.ran = true');
                 document.body.click();
                 await fetch('http://127.0.0.1:9/').catch(() => {});
                 // A policy that is broken is told of a little later.
                 await until('five refusals', () => refused.length >= 5);
                 if (window.ran || getComputedStyle(document.body).display === 'none') return ['nothing'];
                 return refused.sort();",
                vec![],
            )
            .await?;
        assert_eq!(
            refused,
            ["connect-src", "img-src", "script-src-attr", "script-src-elem", "style-src-elem"]
        );
        let evaluated: bool = page
            .js_async(
                "return await import(URL.createObjectURL(new Blob(['export default 1'], { type: 'text/javascript' })))
                     .then(() => true, () => false);",
                vec![],
            )
            .await?;
        assert!(!evaluated);
        // The refusals are errors on the console; they were wanted.
        page.forget_console().await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn text_from_outside_is_never_markup() -> Result {
    const MARKUP: &str = "<img src=x onerror=ran=1><b>b</b>";
    visit(async |page| {
        page.start_empty().await?;
        page.add_disk(64).await?;
        page.new_object(Some(MARKUP), 8).await?;
        page.fill("all").await?;
        let shown: bool = page
            .js(
                "return document.body.textContent.includes(arguments[0]) && !window.ran
                     && !document.querySelector('img');",
                vec![json!(MARKUP)],
            )
            .await?;
        assert!(shown);
        Ok(())
    })
    .await
}
