//! The stripe map from all rows to single blocks: what is painted is what the table says.

use swap_playground_e2e::{Page, Picture, Result, visit};
use thirtyfour::Key;

#[tokio::test]
async fn slots_without_a_disk_are_gaps() -> Result {
    visit(async |page| {
        page.two_disks_paged_out(128).await?;
        let map = page.canvas("stripe-canvas").await?;
        let free = page.style_color("--cell").await?;
        let object = page.object_color(1).await?;
        // A row far below what is in use, and one that is full.
        let rows = map.rows_with(free, 200);
        let last = map.runs(free, rows[rows.len() - 10]);
        assert_eq!(last.len(), 2, "two disks: {last:?}");
        let used = map.rows_with(object, 200);
        let stripes = map.runs(object, used[used.len() / 2]);
        assert_eq!(stripes.len(), 2, "{stripes:?}");
        // Two stripes a disk; between their pages are those of the other disk.
        assert_eq!(page.stripe_table().await?.len(), 4, "two runs a disk");
        // To the right of both there is a frame with words in it, and no cell.
        let right = (
            stripes[1].1 + 12,
            map.rows().next().map_or(0, <[_]>::len) - 20,
        );
        let gap = map.colors(right, (20, 300));
        assert!(!gap.iter().any(|color| color.is_like(free)), "{gap:?}");
        assert!(gap.len() > 5, "words and dashes: {gap:?}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn zoomed_in_blocks_have_labels() -> Result {
    visit(async |page| {
        page.two_disks_paged_out(64).await?;
        page.tab_to("stripe-map").await?;
        // The first block of the second stripe holds page 0.
        page.keys(Key::Home).await?;
        page.keys(Key::Down).await?;
        let small = width_of_mark(page).await?;
        for _ in 0..5 {
            page.keys("+").await?;
        }
        page.settled().await?;
        let large = width_of_mark(page).await?;
        assert!(small < 20 && large > 28, "from {small} to {large} pixels");
        let block: f64 = number(page, "data-block").await?;
        assert!(block >= 28.0, "{block}");

        // The label is on the block's colour, within the mark.
        let map = page.canvas("stripe-canvas").await?;
        let (columns, rows) = mark(page, &map).await?;
        let inner = map.colors((columns.0 + 4, columns.1 - 4), (rows.0 + 4, rows.1 - 4));
        let [object, paper] = [
            page.object_color(1).await?,
            page.style_color("--paper").await?,
        ];
        for color in [object, paper] {
            assert!(inner.iter().any(|seen| seen.is_like(color)), "{inner:?}");
        }
        // The keyboard goes on from block to block.
        page.keys(Key::Right).await?;
        page.until("the next block", async || {
            let inspector = page.text("inspector").await?;
            Ok(inspector.contains("Block 129").then_some(()))
        })
        .await?;

        // All rows again.
        page.keys("0").await?;
        page.settled().await?;
        let pitch = number(page, "data-pitch").await?;
        assert!(pitch * 128.0 <= 700.0, "{pitch}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn zooming_keeps_what_is_under_the_pointer() -> Result {
    visit(async |page| {
        page.two_disks_paged_out(128).await?;
        let pointed = "
            const map = document.querySelector('[data-testid=stripe-map]');
            const { left, top } = map.getBoundingClientRect();
            const at = { bubbles: true, cancelable: true, clientX: left + 90.5, clientY: top + 260.5 };
            const next = () => new Promise(requestAnimationFrame);
            for (let i = 0; i < args[0]; i++) {
                map.dispatchEvent(new WheelEvent('wheel', { ...at, ctrlKey: true, deltaY: args[1] }));
                await next();
            }
            await next();
            await next();
            map.dispatchEvent(new PointerEvent('pointerleave', at));
            await next();
            await next();
            map.dispatchEvent(new PointerEvent('pointermove', at));
            await next();
            await next();
            return document.querySelector('.caption').textContent.match(/^Block (\\d+)/)?.[1];";
        let mut seen = Vec::new();
        for (times, delta) in [(0, 0.0), (3, -30.0), (2, -30.0), (4, 30.0)] {
            let before = number(page, "data-pitch").await?;
            let args = vec![times.into(), delta.into()];
            let block: String = page.js_async(pointed, args).await?;
            seen.push(block.parse::<u32>()?);
            // Away from a person is out, towards the screen is in.
            let pitch = number(page, "data-pitch").await?;
            let zoomed = (pitch - before) * -delta;
            assert!(zoomed > 0.0 || times == 0, "{times} times {delta}: {before}, then {pitch}");
        }
        let first = seen[0];
        assert!(seen.iter().all(|block| block.abs_diff(first) <= 2), "{seen:?}");
        Ok(())
    })
    .await
}

async fn number(page: &Page, attribute: &str) -> Result<f64> {
    let value = page.attribute("stripe-map", attribute).await?;
    Ok(value.ok_or("no such attribute")?.parse()?)
}

type Span = (usize, usize);

/// Columns and rows of the line around what is selected.
async fn mark(page: &Page, map: &Picture) -> Result<(Span, Span)> {
    let color = page.style_color("--mark").await?;
    let rows = map.rows_with(color, 3);
    let (Some(&top), Some(&bottom)) = (rows.first(), rows.last()) else {
        return Err("nothing is marked".into());
    };
    let runs = map.runs(color, top + 1);
    let (Some(first), Some(last)) = (runs.first(), runs.last()) else {
        return Err("the mark has no upper edge".into());
    };
    Ok(((first.0, last.1), (top, bottom)))
}

async fn width_of_mark(page: &Page) -> Result<usize> {
    let map = page.canvas("stripe-canvas").await?;
    let ((first, last), _) = mark(page, &map).await?;
    Ok(last - first + 1)
}
