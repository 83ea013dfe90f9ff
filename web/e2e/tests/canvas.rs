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
