//! The metadata hash as a picture, as a table, and by keyboard.

use serde::Deserialize;
use serde_json::json;
use swap_pager::Config;
use swap_pager::swap_meta::bucket_of;
use swap_pager::units::{ObjectId, PageIndex};
use swap_playground_e2e::{LOOKS, Page, Result, Screen, visit};
use thirtyfour::Key;

#[derive(Debug, Deserialize)]
struct Row {
    bucket: u32,
    place: u32,
    object: u32,
    page: u32,
    used: u32,
}

/// The rows of the table.
async fn rows(page: &Page) -> Result<Vec<Row>> {
    let script = "return Array.from(document.querySelectorAll(arguments[0]), ({ dataset }) =>
        Object.fromEntries(['bucket', 'place', 'object', 'page', 'used'].map((name) => [name, Number(dataset[name])])));";
    let selector = "[data-testid=metadata-table] tr[data-bucket]";
    page.js(script, vec![json!(selector)]).await
}

/// One disk, and an object with all its 128 pages on swap.
async fn swapped(page: &Page) -> Result {
    page.start_empty().await?;
    page.add_disk(4096).await?;
    page.new_object(Some("heap"), 128).await?;
    page.fill("all").await?;
    page.page_out("all").await?;
    page.press("view-metadata").await?;
    page.until_there("meta-figures", true).await
}

#[tokio::test]
async fn every_metadata_block_is_in_its_bucket() -> Result {
    visit(async |page| {
        swapped(page).await?;
        assert_eq!(
            page.attribute("meta-figures", "data-swblocks")
                .await?
                .as_deref(),
            Some("4")
        );
        assert_eq!(
            page.attribute("meta-figures", "data-mapped")
                .await?
                .as_deref(),
            Some("128")
        );
        let buckets = Config::default().meta_chains();
        let told = page.attribute("meta-figures", "data-buckets").await?;
        assert_eq!(told, Some(buckets.to_string()));

        page.press("table-toggle").await?;
        page.until_there("metadata-table", true).await?;
        let mut firsts = Vec::new();
        for row in rows(page).await? {
            assert_eq!((row.object, row.used, row.place), (1, 32, 0), "{row:?}");
            let bucket = bucket_of(ObjectId(1), PageIndex(row.page), buckets);
            assert_eq!(row.bucket, bucket, "{row:?}");
            firsts.push(row.page);
        }
        firsts.sort_unstable();
        assert_eq!(firsts, [0, 32, 64, 96]);

        // Half of one is given back when its pages change in memory.
        page.choose(1).await?;
        page.fill("32..47").await?;
        let used = |rows: Vec<Row>| rows.iter().find(|row| row.page == 32).map(|row| row.used);
        let left = used(rows(page).await?);
        assert_eq!(left, Some(16), "slots of pages that are newer in memory");

        // Another object, in chains of its own; the filter shows one at a time.
        page.new_object(Some("stack"), 40).await?;
        page.fill("all").await?;
        page.page_out("all").await?;
        assert_eq!(rows(page).await?.len(), 6);
        page.press("meta-filter").await?;
        let only = page
            .until("the rows of the other object alone", async || {
                let rows = rows(page).await?;
                let only: Vec<_> = rows.iter().map(|row| (row.object, row.used)).collect();
                Ok((only.len() == 2).then_some(only))
            })
            .await?;
        assert!(
            only.contains(&(2, 32)) && only.contains(&(2, 8)),
            "{only:?}"
        );
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_slot_is_found_by_pointer_and_by_keyboard() -> Result {
    visit(async |page| {
        swapped(page).await?;
        page.tab_to("metadata").await?;
        page.keys(Key::Home).await?;
        for _ in 0..28 {
            page.keys(Key::Right).await?;
        }
        page.keys(Key::Down).await?;
        let lookup = page.text("meta-lookup").await?;
        let bucket = bucket_of(ObjectId(1), PageIndex(32), Config::default().meta_chains());
        for told in [
            "Lookup of page 60 of heap".to_owned(),
            "begins with page 32".to_owned(),
            format!("bucket {bucket}"),
            "1st in its chain".to_owned(),
            "slot 28 → block ".to_owned(),
        ] {
            assert!(lookup.contains(&told), "{told} in: {lookup}");
        }
        let inspector = page.text("inspector").await?;
        assert!(inspector.contains("heap, page 60"), "{inspector}");

        page.keys(Key::Enter).await?;
        let inspector = page.text("inspector").await?;
        assert!(inspector.contains("Metadata of heap 32..63"), "{inspector}");
        assert!(inspector.contains("32 of 32"), "{inspector}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn slots_are_painted_in_the_object_s_colour() -> Result {
    visit(async |page| {
        swapped(page).await?;
        page.choose(1).await?;
        page.fill("0..7").await?;
        page.settled().await?;
        let canvas = page.canvas("metadata-canvas").await?;
        let grid = page
            .attribute("metadata", "data-grid")
            .await?
            .unwrap_or_default();
        let grid: Vec<f64> = grid.split(' ').filter_map(|n| n.parse().ok()).collect();
        let [left, pitch, row, slots] = grid[..] else {
            return Err(format!("what grid is that? {grid:?}").into());
        };
        let [own, free] = [
            page.object_color(1).await?,
            page.style_color("--cell").await?,
        ];
        // In a row: the slots are at its lower end.
        let color = |row_number: f64, slot: f64| {
            let x = (left + (slot + 0.5) * pitch) as usize;
            let y = (row * (row_number + 1.0) - 6.0 - pitch / 2.0) as usize;
            canvas.rows().nth(y).and_then(|row| row.get(x).copied())
        };
        for slot in 0..slots as u32 {
            let first = color(0.0, f64::from(slot));
            let expected = if slot < 8 { free } else { own };
            assert!(
                first.is_some_and(|color| color.is_like(expected)),
                "slot {slot}: {first:?}"
            );
            let second = color(1.0, f64::from(slot));
            assert!(
                second.is_some_and(|color| color.is_like(own)),
                "slot {slot}: {second:?}"
            );
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_metadata_view_is_accessible() -> Result {
    visit(async |page| {
        swapped(page).await?;
        for look in LOOKS {
            page.look(look).await?;
            if look.screen == Screen::Narrow {
                page.show_tab("views").await?;
            }
            for _ in 0..2 {
                page.is_accessible(&format!("metadata, {look}")).await?;
                page.press("table-toggle").await?;
            }
        }
        Ok(())
    })
    .await
}
