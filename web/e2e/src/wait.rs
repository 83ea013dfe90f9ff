//! Waiting for what takes a while.

use std::time::{Duration, Instant};

use thirtyfour::error::{WebDriverError, WebDriverErrorInner};

use crate::{Error, Page, Result};

/// How long something is waited for before the test fails. Nothing here takes that long, but on a
/// machine that does other work as well.
const PATIENCE: Duration = Duration::from_secs(30);
/// The pause between two looks.
const PAUSE: Duration = Duration::from_millis(20);

/// How ChromeDriver says that an element or its page is no longer there, where the
/// standard has it say "stale element reference".
const GONE: [&str; 2] = [
    "Node with given id does not belong to the document",
    "No node with given id found",
];

impl Page {
    /// Waits until the page is there, and nothing is under way in it.
    ///
    /// # Errors
    /// When that doesn't come about.
    pub async fn ready(&self) -> Result {
        if !self.engine().has_devtools() {
            self.watch_console().await?;
        }
        // What was just begun shows from the next frame on.
        self.next_frame().await?;
        self.until("the page to be ready", async || {
            let busy = self.main("busy").await?;
            Ok((busy.as_deref() == Some("false")).then_some(()))
        })
        .await
    }

    /// Waits until `probe` finds something.
    ///
    /// # Errors
    /// When it finds nothing in time, or fails itself. A part of the page that was replaced while
    /// it was looked at is no failure; it is looked at again.
    pub async fn until<T>(
        &self,
        what: &str,
        mut probe: impl AsyncFnMut() -> Result<Option<T>>,
    ) -> Result<T> {
        let end = Instant::now() + PATIENCE;
        loop {
            let last = match probe().await {
                Ok(Some(found)) => return Ok(found),
                Ok(None) => None,
                Err(error) if passes(&error) => Some(error),
                Err(error) => return Err(error),
            };
            if Instant::now() > end {
                let mut message = format!("Waited {} s in vain for {what}.", PATIENCE.as_secs());
                if let Some(error) = last {
                    message.push_str(&format!(" The last look: {error}"));
                }
                return Err(message.into());
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Waits until there is an element of this test id, or until there is none.
    ///
    /// # Errors
    /// When that doesn't come about.
    pub async fn until_there(&self, id: &str, there: bool) -> Result {
        let what = if there { "to be there" } else { "to be gone" };
        self.until(&format!("{id} {what}"), async || {
            Ok(((self.count(id).await? > 0) == there).then_some(()))
        })
        .await
    }

    /// Waits until what the page just changed has been painted.
    ///
    /// # Errors
    /// When the browser fails.
    pub async fn next_frame(&self) -> Result {
        self.js_async(
            "await new Promise(painted =>
                 requestAnimationFrame(() => requestAnimationFrame(painted)));",
            vec![],
        )
        .await
    }
}

/// Whether an error only says that the page is just changing.
fn passes(error: &Error) -> bool {
    let Some(error) = error.downcast_ref::<WebDriverError>() else {
        return false;
    };
    match error.as_inner() {
        WebDriverErrorInner::StaleElementReference(_)
        | WebDriverErrorInner::ElementClickIntercepted(_)
        | WebDriverErrorInner::ElementNotInteractable(_)
        | WebDriverErrorInner::NoSuchElement(_) => true,
        // What ChromeDriver says of an element that went while it was asked for.
        WebDriverErrorInner::UnknownError(unknown) => {
            let said = &unknown.value.message;
            GONE.iter().any(|gone| said.contains(gone))
        }
        _ => false,
    }
}
