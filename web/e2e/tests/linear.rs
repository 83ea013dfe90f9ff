//! The linear view: the same blocks as the stripe map has, in the order of the swap space.

use std::collections::BTreeSet;

use serde::Deserialize;
use swap_playground_e2e::{Page, Result, visit};
use thirtyfour::Key;

#[derive(Debug, Deserialize)]
struct Row {
    disk: u32,
    first: u32,
    last: u32,
    swap: u32,
    object: u32,
    page: u32,
}

/// Disk, block of the disk, object, page.
type Block = (u32, u32, u32, u32);

impl Row {
    fn blocks(&self) -> impl Iterator<Item = Block> {
        (0..=self.last - self.first)
            .map(|i| (self.disk, self.first + i, self.object, self.page + i))
    }
}

async fn rows(page: &Page, view: &str) -> Result<Vec<Row>> {
    let script = format!(
        "return Array.from(document.querySelectorAll('[data-testid={view}-table] [data-object]'),
            ({{ dataset }}) => Object.fromEntries(['disk', 'first', 'last', 'swap', 'object', 'page']
                .map((name) => [name, Number(dataset[name])])));"
    );
    page.js(&script, vec![]).await
}

async fn two_objects(page: &Page) -> Result {
    page.start_empty().await?;
    for _ in 0..2 {
        page.add_disk(2048).await?;
    }
    for (name, pages) in [("heap", 100), ("stack", 70)] {
        page.new_object(Some(name), pages).await?;
        page.fill("all").await?;
        page.page_out("all").await?;
    }
    Ok(())
}

#[tokio::test]
async fn both_tables_have_the_same_blocks() -> Result {
    visit(async |page| {
        two_objects(page).await?;
        page.press("table-toggle").await?;
        page.until_there("stripe-table", true).await?;
        let towers = rows(page, "stripe").await?;
        page.press("view-linear").await?;
        page.until_there("linear-table", true).await?;
        let line = rows(page, "linear").await?;
        let blocks = |rows: &[Row]| rows.iter().flat_map(Row::blocks).collect::<BTreeSet<_>>();
        assert_eq!(blocks(&towers), blocks(&line));
        assert_eq!(blocks(&line).len(), 170);
        assert!(line.is_sorted_by_key(|row| row.swap), "{line:?}");
        for row in &line {
            // device = (blk / 32) % nswdev
            assert_eq!(row.swap / 32 % 4, row.disk, "{row:?}");
            assert_eq!(row.swap / 32 / 4 * 32 + row.swap % 32, row.first, "{row:?}");
        }
        Ok(())
    })
    .await
}

/// Waits until this block, and no other, is inspected.
async fn inspected(page: &Page, block: &str) -> Result {
    page.until(&format!("{block} to be inspected"), async || {
        let title = "return document.getElementById('inspector-title').textContent;";
        Ok((page.js::<String>(title, vec![]).await? == block).then_some(()))
    })
    .await
}

#[tokio::test]
async fn stripes_follow_one_another_in_a_row() -> Result {
    visit(async |page| {
        two_objects(page).await?;
        page.press("view-linear").await?;
        page.find("linear-map").await?;
        page.settled().await?;
        let columns = page.attribute("linear-map", "data-columns").await?;
        let columns: u32 = columns.ok_or("no columns")?.parse()?;
        assert!(columns.is_multiple_of(4), "columns line up with slots");

        let canvas = page.canvas("linear-canvas").await?;
        let heap = page.object_color(1).await?;
        let filled = canvas.rows_with(heap, 30);
        let first = filled.first().ok_or("nothing of the heap is painted")?;
        // Stripes 4 and 5 are next to each other: one run, but for the border between.
        let runs = canvas.runs(heap, first + 4);
        let width = |run: &(usize, usize)| run.1 - run.0;
        let longest = runs.iter().map(width).max().unwrap_or(0);
        let block: f64 = page
            .attribute("linear-map", "data-block")
            .await?
            .ok_or("no width")?
            .parse()?;
        let wanted = (block * 64.0) as usize;
        assert!(longest.abs_diff(wanted) <= 6, "{runs:?}, not {wanted}");

        // By keyboard: the block after 159 is 160, on the next disk.
        page.tab_to("linear-map").await?;
        page.keys(Key::Home).await?;
        page.keys(Key::Right).await?;
        inspected(page, "Block 1").await?;
        page.keys(Key::Down).await?;
        inspected(page, &format!("Block {}", columns * 32 + 1)).await?;
        page.keys(Key::Home).await?;
        for _ in 0..5 * 32 {
            page.keys(Key::Right).await?;
        }
        inspected(page, "Block 160").await?;
        let pitch = async || -> Result<f64> {
            let pitch = page.attribute("linear-map", "data-pitch").await?;
            Ok(pitch.ok_or("no pitch")?.parse()?)
        };
        let before = pitch().await?;
        page.keys("+").await?;
        let larger = pitch().await?;
        assert!(larger > before, "{before}, then {larger}");
        Ok(())
    })
    .await
}
