//! Frames and page queues, as a picture, as a table, and by keyboard.

use swap_playground_e2e::{LOOKS, Page, Result, Screen, visit};
use thirtyfour::Key;

/// Pages on a queue, as its bar or row says.
async fn queue(page: &Page, name: &str) -> Result<u32> {
    let selector = format!("[data-testid=queues] [data-queue={name}]");
    Ok(page.attribute_of(&selector, "data-pages").await?.parse()?)
}

/// An object with 40 dirty pages in memory.
async fn dirty(page: &Page) -> Result {
    page.start_empty().await?;
    page.add_disk(4096).await?;
    page.new_object(Some("heap"), 64).await?;
    page.fill("0..39").await?;
    page.press("view-memory").await?;
    page.until_there("queues", true).await
}

#[tokio::test]
async fn queues_and_frames_follow_the_pages() -> Result {
    visit(async |page| {
        dirty(page).await?;
        assert_eq!(queue(page, "free").await?, 32_768 - 40);
        assert_eq!(queue(page, "active").await?, 40);
        assert_eq!(
            queue(page, "inactive").await? + queue(page, "cache").await?,
            0
        );

        page.press("table-toggle").await?;
        page.until_there("memory-table", true).await?;
        let first = "[data-testid=memory-table] tr[data-frame]";
        assert_eq!(page.attribute_of(first, "data-frame").await?, "0");
        assert_eq!(page.attribute_of(first, "data-count").await?, "40");
        assert_eq!(page.attribute_of(first, "data-page").await?, "0");

        page.choose(1).await?;
        page.page_out("0..15").await?;
        let sum = |free: u32, rest: u32| free + rest;
        let rest = queue(page, "active").await?
            + queue(page, "inactive").await?
            + queue(page, "cache").await?;
        assert_eq!(sum(queue(page, "free").await?, rest), 32_768);
        assert_eq!(
            queue(page, "active").await?,
            24,
            "the others are still in use"
        );
        Ok(())
    })
    .await
}

#[tokio::test]
async fn frames_are_painted_in_the_object_s_colour() -> Result {
    visit(async |page| {
        dirty(page).await?;
        page.settled().await?;
        let canvas = page.canvas("memory-canvas").await?;
        let grid = page
            .attribute("memory", "data-grid")
            .await?
            .unwrap_or_default();
        let grid: Vec<f64> = grid.split(' ').filter_map(|n| n.parse().ok()).collect();
        let [left, pitch, row, columns] = grid[..] else {
            return Err(format!("what grid is that? {grid:?}").into());
        };
        let [own, free] = [
            page.object_color(1).await?,
            page.style_color("--cell").await?,
        ];
        for frame in 0..3 * columns as u32 {
            let (column, line) = (frame % columns as u32, frame / columns as u32);
            let middle = (pitch - 2.0) / 2.0;
            let x = (left + f64::from(column) * pitch + middle) as usize;
            let y = (left + f64::from(line) * row + middle) as usize;
            let color = canvas.rows().nth(y).and_then(|row| row.get(x).copied());
            let expected = if frame < 40 { own } else { free };
            assert!(
                color.is_some_and(|color| color.is_like(expected)),
                "frame {frame}: {color:?}"
            );
        }

        // All at once: the first 32 frames are all in use, of the next 32 a quarter.
        page.press("memory-all").await?;
        page.settled().await?;
        let canvas = page.canvas("memory-canvas").await?;
        let grid = page
            .attribute("memory", "data-grid")
            .await?
            .unwrap_or_default();
        let grid: Vec<f64> = grid.split(' ').filter_map(|n| n.parse().ok()).collect();
        let color = |cell: f64, down: f64| {
            let (x, y) = (grid[0] + (cell + 0.4) * grid[1], grid[0] + down * grid[2]);
            let row = canvas.rows().nth(y as usize);
            row.and_then(|row| row.get(x as usize).copied())
        };
        let cells = [
            (0.0, 0.1, own),
            (0.0, 0.7, own),
            (1.0, 0.1, free),
            (1.0, 0.7, own),
            (2.0, 0.7, free),
        ];
        for (cell, down, expected) in cells {
            let found = color(cell, down);
            assert!(
                found.is_some_and(|found| found.is_like(expected)),
                "cell {cell}, {down}: {found:?}"
            );
        }

        page.press("memory-settings").await?;
        page.find_css("dialog[open]").await?;
        page.close_dialog().await
    })
    .await
}

#[tokio::test]
async fn frames_are_walked_by_keyboard() -> Result {
    visit(async |page| {
        dirty(page).await?;
        page.tab_to("memory").await?;
        page.keys(Key::Home).await?;
        page.keys(Key::Right).await?;
        page.keys(Key::Right).await?;
        let inspector = page.text("inspector").await?;
        assert!(inspector.contains("heap, page 2"), "{inspector}");
        page.keys(Key::End).await?;
        let inspector = page.text("inspector").await?;
        assert!(inspector.contains("heap, page 39"), "{inspector}");
        assert!(inspector.contains("active"), "{inspector}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_memory_view_is_accessible() -> Result {
    visit(async |page| {
        dirty(page).await?;
        for look in LOOKS {
            page.look(look).await?;
            if look.screen == Screen::Narrow {
                page.show_tab("views").await?;
            }
            for _ in 0..2 {
                page.is_accessible(&format!("memory, {look}")).await?;
                page.press("table-toggle").await?;
            }
        }
        Ok(())
    })
    .await
}
