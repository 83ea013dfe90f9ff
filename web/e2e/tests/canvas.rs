//! What is painted is what is so: the stripe map, pixel by pixel.

use swap_playground_e2e::{Look, Page, Picture, Result, Scheme, visit};

#[tokio::test]
async fn the_map_shows_stripes_in_the_object_s_colour() -> Result {
    visit(async |page| {
        page.start_empty().await?;
        for _ in 0..4 {
            page.add_disk(4096).await?;
        }
        page.new_object(Some("heap"), 128).await?;
        page.fill("all").await?;
        page.page_out("all").await?;
        for scheme in [Scheme::Light, Scheme::Dark] {
            let look = Look {
                scheme,
                ..Look::default()
            };
            page.look(look).await?;
            one_stripe_a_disk(page, look).await?;
        }

        // Half an object more: two stripes in the next row.
        page.new_object(Some("stack"), 64).await?;
        page.fill("all").await?;
        page.page_out("all").await?;
        page.settled().await?;
        let map = page.canvas("stripe-canvas").await?;
        let color = page.object_color(2).await?;
        let rows = map.rows_with(color, 50);
        let middle = rows[rows.len() / 2];
        assert_eq!(map.runs(color, middle).len(), 2, "stripes of the stack");
        Ok(())
    })
    .await
}

/// Four disks, each with its second stripe full and nothing else.
async fn one_stripe_a_disk(page: &Page, look: Look) -> Result {
    page.settled().await?;
    let map = page.canvas("stripe-canvas").await?;
    let [object, free] = [
        page.object_color(1).await?,
        page.style_color("--cell").await?,
    ];
    let filled = map.rows_with(object, 300);
    let (Some(&top), Some(&bottom)) = (filled.first(), filled.last()) else {
        return Err(format!("{look}: nothing on the map has the colour of the object").into());
    };
    // One row of stripes: where the second begins, the first has ended.
    let pitch = top;
    assert!(bottom - top < pitch, "{look}: from row {top} to {bottom}");
    let stripes = map.runs(object, (top + bottom) / 2);
    assert_eq!(stripes.len(), 4, "{look}: {stripes:?}");
    let width = |(first, last): (usize, usize)| last - first;
    let expected = width(stripes[0]);
    for stripe in stripes {
        assert!(width(stripe).abs_diff(expected) <= 2, "{look}: {stripe:?}");
        is_hatched(&map, stripe, (1, bottom - pitch - 1), look);

        let below = map.colors(stripe, (top + pitch + 2, bottom + pitch - 2));
        let all_free = below.iter().all(|color| color.is_like(free));
        assert!(all_free, "{look}: the third stripe: {below:?}");
    }
    Ok(())
}

/// Lines of another colour on the colour of a free stripe, and nothing of an object.
fn is_hatched(map: &Picture, columns: (usize, usize), rows: (usize, usize), look: Look) {
    let runs: Vec<usize> = (rows.0..=rows.1)
        .map(|y| {
            let row = map.rows().nth(y).unwrap_or_default();
            let changes = row[columns.0..=columns.1].windows(2);
            changes.filter(|pair| !pair[0].is_like(pair[1])).count()
        })
        .collect();
    let often = runs.iter().all(|changes| *changes > 20);
    assert!(often, "{look}: the first stripe isn't hatched: {runs:?}");
}

/// Where only a few pages change, only their rows are drawn. That is to look as if all were.
#[tokio::test]
async fn pages_drawn_one_by_one_look_as_if_all_were_drawn() -> Result {
    visit(async |page| {
        page.start_empty().await?;
        page.add_disk(4096).await?;
        page.new_object(Some("heap"), 2000).await?;
        page.fill("0..599").await?;
        page.page_out("100..299").await?;
        // A selection begins and ends within a row, and cells have edges at parts of a pixel.
        page.select("205..330").await?;
        let script = "
            const grid = document.querySelector('[data-testid=page-grid]');
            const canvas = grid.querySelector('canvas');
            const context = canvas.getContext('2d');
            const pixels = () => new Uint32Array(context.getImageData(0, 0, canvas.width, canvas.height).data.buffer);
            const cleared = [];
            const { clearRect } = context;
            context.clearRect = function (...at) { cleared.push(at[3]); return clearRect.apply(this, at); };
            const line = document.querySelector('[data-testid=timeline]');
            const told = { in_part: 0, wrong: [] };
            for (const scroll of [0, 37]) {
                grid.scrollTop = scroll;
                await calm();
                for (let i = 0; i < 24; i++) {
                    cleared.length = 0;
                    line.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowLeft', shiftKey: true, bubbles: true, cancelable: true }));
                    await calm();
                    if (cleared.some((height) => height < canvas.height)) told.in_part++;
                    const now = pixels();
                    dispatchEvent(new Event('swap-playground-colors'));
                    await calm();
                    const whole = pixels();
                    const wrong = whole.reduce((sum, pixel, at) => sum + (pixel !== now[at]), 0);
                    if (wrong) told.wrong.push([scroll, i, wrong]);
                }
            }
            return told;";
        let told: serde_json::Value = page.js_async(script, vec![]).await?;
        assert_eq!(told["wrong"], serde_json::json!([]), "{told}");
        assert!(told["in_part"].as_u64() > Some(20), "{told}");
        Ok(())
    })
    .await
}
