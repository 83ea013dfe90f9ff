//! What a person can see.

use serde::Deserialize;
use serde_json::json;

use crate::page::test_id;
use crate::{Page, Result};

/// A row of the table that stands for the stripe map: neighbouring blocks of a disk with the same
/// use.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub struct StripeRow {
    /// The disk.
    pub disk: u32,
    /// The first block on it.
    pub first: u32,
    /// The last block.
    pub last: u32,
    /// The object they hold pages of, if they do.
    pub object: Option<u32>,
    /// The page in the first block.
    pub page: Option<u32>,
}

impl Page {
    /// The rows of the stripe table that hold pages of objects. The table is opened for that, and
    /// closed again.
    ///
    /// # Errors
    /// When there is none.
    pub async fn stripe_table(&self) -> Result<Vec<StripeRow>> {
        let was_open = self.count("stripe-table").await? > 0;
        if !was_open {
            self.press("stripe-table-toggle").await?;
            self.until_there("stripe-table", true).await?;
        }
        let script = "const number = (text) => text === undefined ? null : Number(text);
            return Array.from(document.querySelectorAll(arguments[0]), ({ dataset }) => ({
                disk: number(dataset.disk), first: number(dataset.first), last: number(dataset.last),
                object: number(dataset.object), page: number(dataset.page),
            }));";
        let rows = format!("{} [data-object]", test_id("stripe-table"));
        let mut rows: Vec<StripeRow> = self.js(script, vec![json!(rows)]).await?;
        rows.sort();
        if !was_open {
            self.press("stripe-table-toggle").await?;
        }
        Ok(rows)
    }

    /// Free pages of swap, as the page says.
    ///
    /// # Errors
    /// When it doesn't say.
    pub async fn free_pages(&self) -> Result<u32> {
        self.number("free-pages", "data-free").await
    }

    /// Transfers in flight, as the page says.
    ///
    /// # Errors
    /// When it doesn't say.
    pub async fn in_flight(&self) -> Result<u32> {
        self.number("in-flight", "data-count").await
    }

    async fn number(&self, id: &str, attribute: &str) -> Result<u32> {
        let value = self.attribute(id, attribute).await?;
        let value = value.ok_or_else(|| format!("{id} has no {attribute}"))?;
        Ok(value.parse()?)
    }

    /// The numbers of the objects that have a card.
    ///
    /// # Errors
    /// When the browser fails.
    pub async fn objects(&self) -> Result<Vec<u32>> {
        let script = "return Array.from(document.querySelectorAll(arguments[0]),
            (card) => Number(card.dataset.object));";
        let cards = test_id("object-card");
        self.js(script, vec![json!(cards)]).await
    }

    /// The text of the log.
    ///
    /// # Errors
    /// When there is none.
    pub async fn log(&self) -> Result<String> {
        self.whole_text("log").await
    }

    /// Waits until the log tells this.
    ///
    /// # Errors
    /// When it never does.
    pub async fn until_log_tells(&self, text: &str) -> Result {
        self.until(&format!("the log to tell “{text}”"), async || {
            Ok(self.log().await?.contains(text).then_some(()))
        })
        .await
    }

    /// Why a field refuses what is in it. The reason has to be tied to the field, so that it is
    /// read out too.
    ///
    /// # Errors
    /// When the field isn't there, or is marked as wrong without a reason.
    pub async fn refusal(&self, field: &str) -> Result<Option<String>> {
        if self.attribute(field, "aria-invalid").await?.as_deref() != Some("true") {
            return Ok(None);
        }
        let script = "const field = document.querySelector(arguments[0]);
            const ids = (field.getAttribute('aria-describedby') ?? '').split(/\\s+/);
            return ids.map((id) => id && document.getElementById(id)?.innerText).filter(Boolean).join(' ');";
        let reason: String = self.js(script, vec![json!(test_id(field))]).await?;
        if reason.trim().is_empty() {
            return Err(format!("{field} is marked as wrong, and no reason is tied to it").into());
        }
        Ok(Some(reason))
    }
}
