//! A page that can't start says why, and offers a way on.

use std::fs;

use swap_playground_e2e::{LOOKS, Page, Result, Site, visit};

/// A database that never answers.
const DEAF: &str = "IDBFactory.prototype.open = () => new EventTarget();";

/// A server that doesn't know what WebAssembly is.
const OCTETS: &str = "const had = window.fetch;
    window.fetch = async (what, ...how) => {
        const response = await had(what, ...how);
        if (!/\\.wasm$/.test(response.url)) return response;
        const headers = { 'Content-Type': 'application/octet-stream' };
        return new Response(response.body, { headers });
    };";

async fn told(page: &Page) -> Result<String> {
    Ok(page.find_css("#waiting span").await?.text().await?)
}

#[tokio::test]
async fn a_script_that_is_missing_is_named() -> Result {
    let site = Site::serve()?;
    let names =
        fs::read_dir(site.file(""))?.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let starts = |name: &String| name.starts_with("start-") && name.ends_with(".mjs");
    let script = names
        .into_iter()
        .find(starts)
        .ok_or("there is no start script")?;
    let whole = fs::read(site.file(&script))?;
    fs::remove_file(site.file(&script))?;
    visit(async |page| {
        page.driver().goto(site.url()).await?;
        let reason = told(page).await?;
        assert!(
            reason.contains(&format!("The server answers 404 for {script}")),
            "{reason}"
        );
        for look in LOOKS {
            page.look(look).await?;
            page.is_accessible("a page that can't start").await?;
        }
        assert!(
            !page.shown("#loading progress").await?,
            "nothing is loaded any more"
        );
        // It was for a moment only.
        fs::write(site.file(&script), &whole)?;
        page.press_css("#waiting button").await?;
        page.find("start-empty").await?;
        page.until("no box", async || {
            Ok((page.count_css("#waiting").await? == 0).then_some(()))
        })
        .await?;
        page.forget_console().await
    })
    .await
}

#[tokio::test]
async fn a_script_of_a_script_that_is_missing_is_told() -> Result {
    let site = Site::serve()?;
    for entry in fs::read_dir(site.file(""))? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with("frame-") {
            fs::remove_file(entry.path())?;
        }
    }
    visit(async |page| {
        page.driver().goto(site.url()).await?;
        assert!(told(page).await?.contains("missing or damaged"));
        page.forget_console().await
    })
    .await
}

#[tokio::test]
async fn a_database_that_never_answers_can_be_done_without() -> Result {
    visit(async |page| {
        page.before_each_load(DEAF).await?;
        page.driver().refresh().await?;
        let reason = told(page).await?;
        assert!(reason.contains("unusually long"), "{reason}");
        page.press_css("#waiting a").await?;
        page.find("start-empty").await?;
        page.ready().await?;
        assert_eq!(page.text("storage-badge").await?, "In memory");
        page.until("no box", async || {
            Ok((page.count_css("#waiting").await? == 0).then_some(()))
        })
        .await
    })
    .await
}

#[tokio::test]
async fn a_server_that_sends_webassembly_as_bytes_is_enough() -> Result {
    visit(async |page| {
        page.before_each_load(OCTETS).await?;
        page.reload().await?;
        page.start_empty().await?;
        page.add_disk(256).await?;
        page.press("view-tree").await?;
        page.until_there("tree-picture", true).await?;
        page.press("learn").await?;
        page.until_there("learn-dialog", true).await
    })
    .await
}
