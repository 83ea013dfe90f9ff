//! A browser for one test.

use std::any::Any;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::path::{Path, PathBuf};
use std::time::Duration;

use futures_util::FutureExt;
use thirtyfour::BrowserLogEntry;
use thirtyfour::prelude::*;

use crate::{Engine, Look, Page, Result};

/// How long the driver may take for one request: a machine with other work is slow.
const REQUEST: Duration = Duration::from_secs(120);
/// How long a script in the page may take.
const SCRIPT: Duration = Duration::from_secs(60);

/// Opens the page in a new browser with an empty profile, wide and light, and has `test` use it.
/// The browser is closed however the test ends. Errors on the browser's console fail the test.
///
/// # Errors
/// Those of the test, and what goes wrong with the browser.
pub async fn visit(test: impl AsyncFnOnce(&Page) -> Result) -> Result {
    visit_as(Look::default(), test).await
}

/// The same, with a screen of another size or a dark one.
///
/// # Errors
/// As for [`visit`].
pub async fn visit_as(look: Look, test: impl AsyncFnOnce(&Page) -> Result) -> Result {
    let site = setting("SWAP_PLAYGROUND_URL")?;
    let profile = tempfile::tempdir()?;
    let engine = Engine::chosen()?;
    let driver = start(engine, profile.path()).await?;
    let page = Page::new(driver.clone(), site, engine);

    let run = async {
        driver.set_script_timeout(SCRIPT).await?;
        page.look(look).await?;
        page.open().await?;
        test(&page).await?;
        console_is_clean(&page).await
    };
    let ended: Ended = AssertUnwindSafe(run).catch_unwind().await;
    if !matches!(ended, Ok(Ok(()))) {
        tell_the_scene(&page).await;
    }
    let quit = driver.quit().await;
    match ended {
        Err(panic) => resume_unwind(panic),
        Ok(result) => result.and(quit.map_err(Into::into)),
    }
}

/// A new browser with this profile. It shows nothing yet, and nobody closes it.
///
/// # Errors
/// When there is none to be had.
pub async fn browser_with(profile: &Path) -> Result<Page> {
    let engine = Engine::chosen()?;
    let driver = start(engine, profile).await?;
    driver.set_script_timeout(SCRIPT).await?;
    Ok(Page::new(driver, setting("SWAP_PLAYGROUND_URL")?, engine))
}

type Ended = std::result::Result<Result, Box<dyn Any + Send>>;

fn setting(name: &str) -> Result<String> {
    std::env::var(name).map_err(|_| {
        format!(
            "{name} is not set. These tests need the page and a chromedriver: start them with \
             `pkg-scripts/test e2e`, or set SWAP_PLAYGROUND_URL and WEBDRIVER_URL."
        )
        .into()
    })
}

async fn start(engine: Engine, profile: &Path) -> Result<WebDriver> {
    let driver_url = &setting("WEBDRIVER_URL")?;
    let wanted = engine.capabilities(profile)?;
    let client = reqwest::Client::builder()
        .no_proxy()
        .timeout(REQUEST)
        .build()?;
    let driver = WebDriver::builder(driver_url, wanted).client(client);
    driver.await.map_err(|error| {
        format!("No browser could be started through the driver at {driver_url}: {error}").into()
    })
}

/// Fails if the console has an error; a panic of the page's code is one.
async fn console_is_clean(page: &Page) -> Result {
    let bad = if page.engine().has_devtools() {
        let log = page.driver().browser_log().await?;
        let bad: Vec<_> = log.iter().filter(|entry| entry.level == "SEVERE").collect();
        lines(&bad)
    } else {
        page.console_errors().await?.join("\n")
    };
    if bad.is_empty() {
        return Ok(());
    }
    Err(format!("The console has errors:\n{bad}").into())
}

fn lines(entries: &[&BrowserLogEntry]) -> String {
    let line = |entry: &&BrowserLogEntry| format!("  {}: {}", entry.level, entry.message);
    entries.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// After a failure: the console, and a picture of the page. What fails here is let go, the
/// failure of the test matters more.
async fn tell_the_scene(page: &Page) {
    let driver = page.driver();
    if page.engine().has_devtools() {
        if let Ok(log) = driver.browser_log().await {
            eprintln!("The console:\n{}", lines(&log.iter().collect::<Vec<_>>()));
        }
    } else if let Ok(errors) = page.console_errors().await {
        eprintln!("The console's errors:\n{}", errors.join("\n"));
    }
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../target/e2e-failures");
    let test = std::thread::current()
        .name()
        .unwrap_or("test")
        .replace("::", "-");
    let picture = folder.join(format!("{test}.png"));
    if std::fs::create_dir_all(&folder).is_ok() && driver.screenshot(&picture).await.is_ok() {
        eprintln!("How the page looked: {}", picture.display());
    }
}
