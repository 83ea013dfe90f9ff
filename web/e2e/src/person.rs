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

    /// Runs the demonstration to its end, without the time it leaves for reading.
    ///
    /// # Errors
    /// When there is no start screen, or it never ends.
    pub async fn run_demo(&self) -> Result {
        self.press("start-demo").await?;
        self.until("the demonstration to end", async || {
            if self.attribute_of("main", "data-demo").await? == "done" {
                return Ok(Some(()));
            }
            let next = "document.querySelector('[data-testid=demo-next]')?.click();";
            let () = self.js(next, vec![]).await?;
            Ok(None)
        })
        .await?;
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
        match name {
            Some(name) => self.enter("object-name", name).await?,
            None => self.press("object-named").await?,
        }
        self.enter("object-pages", &pages.to_string()).await?;
        self.press("object-submit").await?;
        self.until_there("object-submit", false).await?;
        self.ready().await
    }

    /// Selects an object, with all its pages.
    ///
    /// # Errors
    /// When there is no such object.
    pub async fn choose(&self, object: u32) -> Result {
        let card = format!("[data-testid=object-card][data-object=\"{object}\"]");
        self.press_css(&format!("{card} .card-head")).await?;
        self.find_css(&format!("{card} [data-testid=select-range]"))
            .await?;
        Ok(())
    }

    /// Selects pages of the object that is selected: `5`, `0..63` or `all`.
    ///
    /// # Errors
    /// When there is no object.
    pub async fn select(&self, range: &str) -> Result {
        self.enter("select-range", range).await
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

    /// Switches two disks on of four slots, and makes an object of which all pages are on swap.
    ///
    /// # Errors
    /// When the page doesn't let that be done.
    pub async fn two_disks_paged_out(&self, pages: u32) -> Result {
        self.start_empty().await?;
        self.add_disk(4096).await?;
        self.add_disk(4096).await?;
        self.new_object(Some("heap"), pages).await?;
        self.fill("all").await?;
        self.page_out("all").await?;
        self.settled().await
    }

    /// On a new machine with one disk, begins to page out an object of 128 dirty pages, with
    /// transfers that wait for a person. The buffers are in view.
    ///
    /// # Errors
    /// When it can't be done.
    pub async fn page_out_by_hand(&self) -> Result {
        self.start_empty().await?;
        self.add_disk(4096).await?;
        self.new_object(Some("heap"), 128).await?;
        self.fill("all").await?;
        self.press("view-buffers").await?;
        self.press("by-hand-toggle").await?;
        self.press("pageout").await
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

    /// Destroys the selected object.
    ///
    /// # Errors
    /// When it can't be done.
    pub async fn destroy(&self) -> Result {
        self.press("destroy").await?;
        self.press("destroy-confirm").await?;
        self.until_there("destroy-confirm", false).await?;
        self.ready().await
    }

    /// Clears all, and comes back to the start screen.
    ///
    /// # Errors
    /// When it can't be done.
    pub async fn clear_all(&self) -> Result {
        self.press("clear-all").await?;
        self.press("clear-confirm").await?;
        self.until_there("start-demo", true).await?;
        self.ready().await
    }

    /// The views that a narrow screen shows one at a time. A wide one shows all, and has no tabs.
    ///
    /// # Errors
    /// When the browser fails.
    pub async fn tabs(&self) -> Result<Vec<String>> {
        let script = "return Array.from(document.querySelectorAll('[data-testid^=tab-]'))
            .filter((tab) => tab.checkVisibility())
            .map((tab) => tab.dataset.testid.slice('tab-'.length));";
        self.js(script, vec![]).await
    }

    /// Shows one of them.
    ///
    /// # Errors
    /// When there is no such tab.
    pub async fn show_tab(&self, tab: &str) -> Result {
        self.press(&format!("tab-{tab}")).await?;
        self.until(&format!("the tab {tab}"), async || {
            let shown = self.attribute_of("main", "data-tab").await?;
            Ok((shown == tab).then_some(()))
        })
        .await
    }

    /// Closes the dialog that is open.
    ///
    /// # Errors
    /// When it doesn't close.
    pub async fn close_dialog(&self) -> Result {
        self.press_css("dialog [aria-label=Close]").await?;
        self.until("the dialog to close", async || {
            let open: bool = self
                .js("return document.querySelector('dialog') !== null;", vec![])
                .await?;
            Ok((!open).then_some(()))
        })
        .await
    }
}
