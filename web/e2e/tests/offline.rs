//! The site without a network, and a new version of it.

use std::fs;

use swap_playground_e2e::{Page, Result, Site, visit};

const OLD: &str = "<title>Swap Playground</title>";

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

/// The caches of versions, of all deployments on the origin.
async fn versions(page: &Page) -> Result<Vec<String>> {
    let all: Vec<String> = page
        .js_async("return await caches.keys();", Vec::new())
        .await?;
    let versions = all.into_iter().filter(|name| !name.ends_with(" tabs"));
    Ok(versions.collect())
}

/// Makes a new version of what is served: another page, so another list of files.
fn renew(site: &Site) -> Result {
    let index = fs::read_to_string(site.file("index.html"))?;
    assert!(index.contains(OLD));
    let index = index.replace(OLD, "<title>Newer</title>");
    fs::write(site.file("index.html"), index)?;
    let worker = fs::read_to_string(site.file("sw.js"))?;
    let worker = worker.replace("VERSION = \"", "VERSION = \"2");
    fs::write(site.file("sw.js"), worker)?;
    Ok(())
}

/// Waits until the page offers a new version.
async fn until_offered(page: &Page) -> Result {
    page.until("the offer of a new version", async || {
        Ok((page.count_css("#update button").await? == 2).then_some(()))
    })
    .await
}

/// Waits until the page is of the new version.
async fn until_newer(page: &Page) -> Result {
    page.until("the new version", async || {
        Ok((page.driver().title().await? == "Newer").then_some(()))
    })
    .await
}

/// Waits until the old version has gone with its last page.
async fn until_one_is_left(page: &Page) -> Result {
    page.until("one version to be left", async || {
        Ok((versions(page).await?.len() == 1).then_some(()))
    })
    .await
}

#[tokio::test]
async fn a_tab_keeps_its_version_while_another_takes_the_new_one() -> Result {
    let site = Site::serve()?;
    visit(async |page| {
        page.driver().goto(site.url()).await?;
        page.ready().await?;
        kept(page).await?;
        let first = page.driver().window().await?;
        renew(&site)?;
        // A file that has the same name in both versions.
        let lesson = fs::read_dir(site.file("lessons"))?
            .filter_map(|entry| Some(entry.ok()?.path()))
            .find(|path| {
                path.extension()
                    .is_some_and(|extension| extension == "toml")
            })
            .ok_or("there is no lesson")?;
        let text = fs::read_to_string(&lesson)?;
        fs::write(&lesson, format!("# newer\n{text}"))?;

        let second = page.open_tab().await?;
        page.driver()
            .goto(format!("{}?storage=memory", site.url()))
            .await?;
        page.ready().await?;
        until_offered(page).await?;
        page.press_css("#update button").await?;
        until_newer(page).await?;
        page.ready().await?;

        // The first tab hears of it, and its files are still those of its version.
        page.driver().switch_to_window(first).await?;
        until_offered(page).await?;
        assert_eq!(page.driver().title().await?, "Swap Playground");
        let name = lesson.file_name().and_then(|name| name.to_str());
        let address = format!("./lessons/{}", name.ok_or("a lesson without a name")?);
        let fetched: String = page
            .js_async(
                "return await (await fetch(args[0])).text();",
                vec![serde_json::json!(address)],
            )
            .await?;
        assert_eq!(fetched, text);
        assert_eq!(versions(page).await?.len(), 2);

        // And its button leads to the new one.
        page.press_css("#update button").await?;
        until_newer(page).await?;
        until_one_is_left(page).await?;
        page.driver().switch_to_window(second).await?;
        page.ready().await
    })
    .await
}

#[tokio::test]
async fn two_deployments_on_one_origin_leave_each_other_alone() -> Result {
    let site = Site::serve_twice(["a", "b"])?;
    visit(async |page| {
        for folder in ["a", "b", "a"] {
            page.driver()
                .goto(format!("{}{folder}/", site.url()))
                .await?;
            page.ready().await?;
            kept(page).await?;
        }
        assert_eq!(versions(page).await?.len(), 2);
        // The pages for teachers are kept with each.
        let teach: Vec<bool> = page
            .js_async(
                "const kept = async (name) => Boolean(await caches.match(new URL(name, location)));
                 return [await kept('teach/'), await kept('teach/lessons.html'), await kept('../b/teach/index.html')];",
                Vec::new(),
            )
            .await?;
        assert_eq!(teach, [true; 3]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_new_version_is_offered_and_never_mixed_with_the_old() -> Result {
    // It is there for as long as the page, which fetches what is wanted later.
    let site = Site::serve()?;
    visit(async |page| {
        page.driver().goto(site.url()).await?;
        page.ready().await?;
        kept(page).await?;

        renew(&site)?;

        // It is there from the next visit on, but the page is whole, as it was.
        page.driver().goto(site.url()).await?;
        page.ready().await?;
        until_offered(page).await?;
        assert_eq!(page.driver().title().await?, "Swap Playground");
        page.reload().await?;
        assert_eq!(page.driver().title().await?, "Swap Playground");
        until_offered(page).await?;

        page.js::<()>(
            "document.querySelector('#update button').click(); return null;",
            Vec::new(),
        )
        .await?;
        until_newer(page).await?;
        page.ready().await?;
        until_one_is_left(page).await
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

#[test]
fn what_never_changes_may_be_kept_for_long_and_nothing_else() -> Result {
    let site = Site::serve()?;
    let headers = fs::read_to_string(site.file("_headers"))?;
    let long: Vec<&str> = headers
        .split("\n/")
        .filter(|rule| rule.contains("immutable"))
        .filter_map(|rule| rule.lines().next())
        .collect();
    for entry in fs::read_dir(site.file(""))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        let fixed = [
            "index.html",
            "speaker.html",
            "swap-playground.js",
            "sw.js",
            "_headers",
        ];
        let folders = ["examples", "lessons", "teach"];
        let changes = fixed.contains(&name.as_str()) || folders.contains(&name.as_str());
        assert_eq!(long.contains(&name.as_str()), !changes, "{name}");
    }
    Ok(())
}
