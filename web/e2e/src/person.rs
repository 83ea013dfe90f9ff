//! What a person can do, with the mouse.

use crate::{Page, Result};

impl Page {
    /// Leaves the start screen for a machine with nothing in it.
    ///
    /// # Errors
    /// When there is no start screen.
    pub async fn start_empty(&self) -> Result {
        self.press("start-empty").await?;
        self.until_there("start-empty", false).await
    }

    /// Runs the demonstration to its end.
    ///
    /// # Errors
    /// When there is no start screen, or it never ends.
    pub async fn run_demo(&self) -> Result {
        self.press("start-demo").await?;
        self.until_there("start-demo", false).await?;
        self.ready().await
    }

    /// Switches a disk of so many pages on.
    ///
    /// # Errors
    /// When that isn't taken.
    pub async fn add_disk(&self, pages: u32) -> Result {
        self.press("add-disk").await?;
        self.enter("disk-pages", &pages.to_string()).await?;
        self.press("disk-submit").await?;
        self.until_there("disk-submit", false).await?;
        self.ready().await
    }

    /// Makes an object.
    ///
    /// # Errors
    /// When that isn't taken.
    pub async fn new_object(&self, name: Option<&str>, pages: u32) -> Result {
        self.press("new-object").await?;
        if let Some(name) = name {
            self.press("object-named").await?;
            self.enter("object-name", name).await?;
        }
        self.enter("object-pages", &pages.to_string()).await?;
        self.press("object-submit").await?;
        self.until_there("object-submit", false).await?;
        self.ready().await
    }

    /// Selects pages of the object that is selected: `5`, `0..63` or `all`.
    ///
    /// # Errors
    /// When there is no object.
    pub async fn select(&self, range: &str) -> Result {
        self.enter("select-range", &format!("{range}\u{e007}"))
            .await
    }

    /// Dirties pages of the selected object with a pattern.
    ///
    /// # Errors
    /// When it can't be done.
    pub async fn fill(&self, range: &str) -> Result {
        self.on_pages(range, "fill").await
    }

    /// Forces pages of the selected object out.
    ///
    /// # Errors
    /// When it can't be done.
    pub async fn page_out(&self, range: &str) -> Result {
        self.on_pages(range, "pageout").await
    }

    /// Reads pages of the selected object.
    ///
    /// # Errors
    /// When it can't be done.
    pub async fn read(&self, range: &str) -> Result {
        self.on_pages(range, "read").await
    }

    async fn on_pages(&self, range: &str, button: &str) -> Result {
        self.select(range).await?;
        self.press(button).await?;
        self.ready().await
    }

    /// Writes text into a page of the selected object.
    ///
    /// # Errors
    /// When it isn't taken.
    pub async fn write(&self, page: u32, text: &str) -> Result {
        self.select(&page.to_string()).await?;
        self.press("write").await?;
        self.enter("write-text", text).await?;
        self.press("write-submit").await?;
        self.until_there("write-submit", false).await?;
        self.ready().await
    }

    /// Clears all, and comes back to the start screen.
    ///
    /// # Errors
    /// When it can't be done.
    pub async fn clear_all(&self) -> Result {
        self.press("clear-all").await?;
        self.press("clear-confirm").await?;
        self.until_there("start-demo", true).await
    }
}
