//! What a person can see.

use serde::Deserialize;
use serde_json::json;

use crate::page::test_id;
use crate::{Page, Result};

/// Bytes that a page has.
const PAGE: usize = 4096;

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
        self.moment().await?;
        let was_open = self.count("stripe-table").await? > 0;
        if !was_open {
            self.press("table-toggle").await?;
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
            self.press("table-toggle").await?;
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
        self.moment().await?;
        let value = self.attribute(id, attribute).await?;
        let value = value.ok_or_else(|| format!("{id} has no {attribute}"))?;
        Ok(value.parse()?)
    }

    /// The numbers of the objects that have a card.
    ///
    /// # Errors
    /// When the browser fails.
    pub async fn objects(&self) -> Result<Vec<u32>> {
        self.moment().await?;
        let script = "return Array.from(document.querySelectorAll(arguments[0]),
            (card) => Number(card.dataset.object));";
        let cards = test_id("object-card");
        self.js(script, vec![json!(cards)]).await
    }

    /// The text of the lines of the log that are made just now: those in view, and around them.
    ///
    /// # Errors
    /// When there is none.
    pub async fn log(&self) -> Result<String> {
        self.whole_text("log").await
    }

    /// The lines of the log that have this in them. The filter of the log finds them, and it is
    /// scrolled from the first to the last, since only those in view are made.
    ///
    /// # Errors
    /// When there is no log.
    pub async fn log_lines(&self, with: &str) -> Result<Vec<String>> {
        self.moment().await?;
        self.enter("log-filter", with).await?;
        self.next_frame().await?;
        let script = "const log = document.querySelector(args[0]);
            const lines = new Map();
            const frame = () => new Promise((painted) =>
                requestAnimationFrame(() => requestAnimationFrame(painted)));
            for (let top = 0; ; top += log.clientHeight) {
                log.scrollTop = top;
                await frame();
                for (const line of log.querySelectorAll('[data-line]'))
                    lines.set(Number(line.dataset.line), line.textContent);
                if (top + log.clientHeight >= log.scrollHeight) break;
            }
            return Array.from(lines).sort((a, b) => a[0] - b[0]).map((line) => line[1]);";
        let lines: Vec<String> = self.js_async(script, vec![json!(test_id("log"))]).await?;
        self.enter("log-filter", "").await?;
        Ok(lines)
    }

    /// The moment that every panel shows, and whether it is the present. While much happens in a
    /// frame the panels are drawn in turns, and some still show an earlier moment.
    ///
    /// # Errors
    /// When the page doesn't come, or its panels never show the same moment.
    pub async fn moment(&self) -> Result<(u64, bool)> {
        let script = "const main = document.querySelector('[data-busy][data-at]');
            return main && [main.dataset.at, main.dataset.live, main.dataset.rush];";
        self.until("all panels to show one moment", async || {
            let main: Option<[String; 3]> = self.js(script, vec![]).await?;
            // While the page is loaded, or another session is opened, there is none.
            let Some([at, live, rush]) = main else {
                return Ok(None);
            };
            Ok(match rush.as_str() {
                "false" => Some((at.parse()?, live == "true")),
                _ => None,
            })
        })
        .await
    }

    /// Waits until this moment is shown.
    ///
    /// # Errors
    /// When it never is.
    pub async fn until_moment(&self, moment: u64) -> Result {
        self.until(&format!("moment {moment}"), async || {
            Ok((self.moment().await?.0 == moment).then_some(()))
        })
        .await
    }

    /// How many pages transfers of this direction (`read` or `write`) have carried, as the log
    /// tells: `strategy write 128+16 → disk 0 @32`.
    ///
    /// # Errors
    /// When a line of the log can't be understood.
    pub async fn transferred(&self, direction: &str) -> Result<u32> {
        let lines = self.log_lines(&format!("strategy {direction}")).await?;
        let pages = lines.iter().map(|line| {
            let run = line.split_whitespace().nth(2);
            let pages: Option<u32> = run.and_then(|run| run.split_once('+')?.1.parse().ok());
            pages.ok_or_else(|| format!("a transfer of how many pages? {line}").into())
        });
        pages.sum()
    }

    /// What the inspector shows of a page's bytes, as text.
    ///
    /// # Errors
    /// When it shows no bytes.
    pub async fn hex_text(&self) -> Result<String> {
        let script =
            "const rows = document.querySelector(arguments[0])?.querySelectorAll('.hex-text');
            return rows ? Array.from(rows, (row) => row.textContent).join('') : null;";
        let text: Option<String> = self.js(script, vec![json!(test_id("hex"))]).await?;
        text.ok_or_else(|| "no bytes are shown".into())
    }

    /// The bytes of a page of the selected object, as the inspector shows them. The page has to
    /// be in memory. It is selected for that, by a script: typing takes too long for many pages.
    ///
    /// # Errors
    /// When they aren't shown.
    pub async fn bytes(&self, page: u32) -> Result<Vec<u8>> {
        let script = "const [range, hex, page, size] = args;
            const field = document.querySelector(range);
            field.value = page;
            field.dispatchEvent(new InputEvent('input', { bubbles: true }));
            const end = performance.now() + 10000;
            while (performance.now() < end) {
                await new Promise(requestAnimationFrame);
                const shown = document.querySelector(hex);
                if (shown?.getAttribute('aria-label') !== `Bytes of page ${page}`) continue;
                const rows = Array.from(shown.querySelectorAll('.hex-bytes'), (row) => row.textContent);
                const bytes = rows.join(' ').trim().split(/\\s+/);
                if (bytes.length === size) return bytes;
                document.querySelector('.bytes .link').click();
            }
            throw new Error(`the bytes of page ${page} are not shown`);";
        let args = vec![
            json!(test_id("select-range")),
            json!(test_id("hex")),
            json!(page),
            json!(PAGE),
        ];
        let bytes: Vec<String> = self.js_async(script, args).await?;
        let byte = |byte: &String| Ok(u8::from_str_radix(byte, 16)?);
        bytes.iter().map(byte).collect()
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
