//! The site without a network, and a new version of it.

use std::fs;

use swap_playground_e2e::{Page, Result, Site, visit};

/// Waits until the whole site is kept.
async fn kept(page: &Page) -> Result {
    page.js_async::<()>(
        "await navigator.serviceWorker.ready;
         while (!navigator.serviceWorker.controller) await new Promise((done) => setTimeout(done, 20));
         return null;",
        Vec::new(),
    )
    .await
}

#[tokio::test]
async fn it_works_without_a_network_after_the_first_visit() -> Result {
    visit(async |page| {
        let mut site = Site::serve()?;
        page.driver().goto(site.url()).await?;
        page.ready().await?;
        kept(page).await?;
        page.start_empty().await?;
        page.add_disk(256).await?;
        page.new_object(Some("heap"), 16).await?;
        page.fill("all").await?;

        site.stop()?;
        for address in [
            site.url(),
            format!("{}?storage=memory", site.url()),
            format!("{}index.html", site.url()),
        ] {
            page.driver().goto(address).await?;
            page.ready().await?;
        }
        page.driver().goto(site.url()).await?;
        page.ready().await?;
        page.page_out("all").await?;
        assert_eq!(page.stored().await?.blocks.len(), 16);
        // Where nothing answers, nothing is kept either: the cache has the site and no more.
        let gone: bool = page
            .js_async(
                "return await fetch('./nothing').then(() => false, () => true);",
                Vec::new(),
            )
            .await?;
        assert!(gone);
        // The refused request is an error on the console; it was wanted.
        page.forget_console().await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_new_version_is_offered_and_never_mixed_with_the_old() -> Result {
    const OLD: &str = "<title>Swap Playground</title>";
    // It is there for as long as the page, which fetches what is wanted later.
    let site = Site::serve()?;
    visit(async |page| {
        page.driver().goto(site.url()).await?;
        page.ready().await?;
        kept(page).await?;

        // A new version: another page, so another list of files.
        let index = fs::read_to_string(site.file("index.html"))?;
        assert!(index.contains(OLD));
        fs::write(
            site.file("index.html"),
            index.replace(OLD, "<title>Newer</title>"),
        )?;
        let worker = fs::read_to_string(site.file("sw.js"))?;
        fs::write(
            site.file("sw.js"),
            worker.replace("VERSION = \"", "VERSION = \"2"),
        )?;

        // It is there from the next visit on, but the page is whole, as it was.
        page.driver().goto(site.url()).await?;
        page.ready().await?;
        let offered = async || Ok((page.count_css("#update button").await? == 2).then_some(()));
        page.until("the offer of a new version", offered).await?;
        assert_eq!(page.driver().title().await?, "Swap Playground");
        page.reload().await?;
        assert_eq!(page.driver().title().await?, "Swap Playground");
        page.until("the offer, again", offered).await?;

        page.js::<()>(
            "document.querySelector('#update button').click(); return null;",
            Vec::new(),
        )
        .await?;
        page.until("the new version", async || {
            Ok((page.driver().title().await? == "Newer").then_some(()))
        })
        .await?;
        page.ready().await?;
        let caches: Vec<String> = page
            .js_async("return await caches.keys();", Vec::new())
            .await?;
        assert_eq!(caches.len(), 1, "{caches:?}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn it_can_be_installed() -> Result {
    // It is there for as long as the page, which fetches what is wanted later.
    let site = Site::serve()?;
    visit(async |page| {
        page.driver().goto(site.url()).await?;
        page.ready().await?;
        let answer = page
            .driver()
            .cdp()
            .send_raw("Page.getInstallabilityErrors", serde_json::json!({}))
            .await?;
        assert_eq!(answer["installabilityErrors"], serde_json::json!([]));
        Ok(())
    })
    .await
}
