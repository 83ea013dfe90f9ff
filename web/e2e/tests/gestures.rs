//! What fingers and the mouse do on the stripe map: pinching zooms it, the middle button moves it. And
//! what moves by itself: clusters travel between an object and its stripes.

use serde::Deserialize;
use serde_json::json;
use swap_playground_e2e::{LOOKS, MouseButton, Page, Point, Result, visit};

#[tokio::test]
async fn two_fingers_zoom_the_map() -> Result {
    visit(async |page| {
        page.two_disks_paged_out(128).await?;
        page.press("zoom-all").await?;
        page.settled().await?;
        let middle = in_map(page, (0.68, 0.4)).await?;
        let (under, all) = (block_at(page, middle).await?, zoom(page).await?);

        // Twice as far from each other: rows twice as high, but for whole pixels. What is between
        // the fingers stays there.
        page.two_fingers((middle, 40.0), (middle, 80.0)).await?;
        let twice = zoom(page).await?;
        assert!((twice.0 - 2.0 * all.0).abs() <= 1.5, "{all:?}, {twice:?}");
        let now = block_at(page, middle).await?;
        assert!(now.abs_diff(under) <= 2, "{under}, then {now}");

        // Further apart, and blocks are wider too.
        page.two_fingers((middle, 20.0), (middle, 160.0)).await?;
        let near = zoom(page).await?;
        assert!(near.0 > 2.0 * twice.0 && near.1 > 1.5 * all.1, "{near:?}");
        let now = block_at(page, middle).await?;
        assert!(now.abs_diff(under) <= 2, "{under}, then {now}");

        // Fingers that only move together zoom nothing.
        let aside = (middle.0 + 40.0, middle.1 + 40.0);
        page.two_fingers((middle, 60.0), (aside, 60.0)).await?;
        assert_eq!(zoom(page).await?, near);

        page.two_fingers((middle, 160.0), (middle, 20.0)).await?;
        let back = zoom(page).await?;
        assert!((back.0 - twice.0).abs() <= 1.0, "{twice:?}, {back:?}");
        page.two_fingers((middle, 80.0), (middle, 20.0)).await?;
        let least = zoom(page).await?;
        assert!((least.0 / all.0 - 1.0).abs() < 0.1, "{all:?}, {least:?}");

        the_page_is_not_zoomed(page).await
    })
    .await
}

#[tokio::test]
async fn two_fingers_zoom_the_map_on_a_phone() -> Result {
    visit(async |page| {
        page.two_disks_paged_out(128).await?;
        page.look(LOOKS[2]).await?;
        page.show_tab("views").await?;
        page.press("zoom-all").await?;
        page.settled().await?;
        let middle = in_map(page, (0.5, 0.4)).await?;
        let all = zoom(page).await?;
        page.two_fingers((middle, 20.0), (middle, 80.0)).await?;
        let near = zoom(page).await?;
        assert!(near.0 > 3.0 * all.0, "{all:?}, {near:?}");
        page.two_fingers((middle, 80.0), (middle, 20.0)).await?;
        let back = zoom(page).await?;
        assert!(back.0 < near.0 / 2.0, "{near:?}, {back:?}");
        the_page_is_not_zoomed(page).await
    })
    .await
}

async fn the_page_is_not_zoomed(page: &Page) -> Result {
    let scale: f64 = page.js("return visualViewport.scale;", vec![]).await?;
    assert!((scale - 1.0).abs() < 0.01, "{scale}");
    Ok(())
}

#[tokio::test]
async fn the_middle_button_moves_the_map() -> Result {
    visit(async |page| {
        page.two_disks_paged_out(128).await?;
        for _ in 0..8 {
            page.press("zoom-in").await?;
        }
        page.settled().await?;
        let [from, to] = [
            in_map(page, (0.7, 0.7)).await?,
            in_map(page, (0.4, 0.3)).await?,
        ];
        let both = [from, to];
        let first = blocks_at(page, both).await?;
        assert_ne!(first[0], first[1]);

        // The left button moves nothing.
        page.drag(MouseButton::Left, from, to).await?;
        assert_eq!(blocks_at(page, both).await?, first);

        // The block comes along with the pointer, there and back.
        page.drag(MouseButton::Middle, from, to).await?;
        assert_eq!(block_at(page, to).await?, first[0]);
        let other = block_at(page, from).await?;
        assert!(!first.contains(&other), "{first:?}, then {other}");
        page.drag(MouseButton::Middle, to, from).await?;
        assert_eq!(blocks_at(page, both).await?, first);

        // Let go outside of the map, the button holds nothing any more.
        let outside = (to.0, 5.0);
        page.drag(MouseButton::Middle, to, outside).await?;
        let left = block_at(page, to).await?;
        page.point_at(from).await?;
        assert_eq!(block_at(page, to).await?, left);
        Ok(())
    })
    .await
}

/// What traveled: where it was first and last, and for how many milliseconds.
#[derive(Debug, Deserialize)]
struct Flight {
    from: Point,
    to: Point,
    lasts: f64,
}

#[tokio::test]
async fn clusters_travel_between_object_and_stripe() -> Result {
    visit(async |page| {
        watch_flights(page).await?;
        page.two_disks_paged_out(48).await?;
        let writes = flights(page).await?;
        page.read("all").await?;
        let reads = flights(page).await?;
        // Clusters of 16 pages are written, and read by 8.
        let written = pages_of(page, &writes, ["page-grid", "stripe-map"]).await?;
        assert_eq!(written, [0, 16, 32]);
        let read = pages_of(page, &reads, ["stripe-map", "page-grid"]).await?;
        assert_eq!(read, [0, 8, 16, 24, 32, 40]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn nothing_travels_for_who_wants_less_movement() -> Result {
    visit(async |page| {
        watch_flights(page).await?;
        page.two_disks_paged_out(48).await?;
        assert_eq!(flights(page).await?.len(), 3);
        for (wish, [there, back]) in [("reduce", [0, 0]), ("no-preference", [3, 6])] {
            let media =
                json!({ "features": [{ "name": "prefers-reduced-motion", "value": wish }] });
            page.devtools("Emulation.setEmulatedMedia", media).await?;
            page.until("the page to be told of the wish", async || {
                let query = json!(format!("(prefers-reduced-motion: {wish})"));
                let matches = "return matchMedia(arguments[0]).matches;";
                Ok(page.js::<bool>(matches, vec![query]).await?.then_some(()))
            })
            .await?;
            page.read("all").await?;
            assert_eq!(flights(page).await?.len(), back, "{wish}");
            page.fill("all").await?;
            page.page_out("all").await?;
            assert_eq!(flights(page).await?.len(), there, "{wish}");
        }
        Ok(())
    })
    .await
}

/// Notes what is put into the layer of what travels, whenever there comes to be one.
async fn watch_flights(page: &Page) -> Result {
    let script = "window.flown = [];
        const note = (chip) => {
            const [animation] = chip.getAnimations();
            const lasts = animation.effect.getComputedTiming().endTime;
            const at = (time) => {
                animation.currentTime = time;
                const { left, top } = chip.getBoundingClientRect();
                return [left, top];
            };
            const to = at(lasts);
            window.flown.push({ from: at(0), to, lasts });
        };
        new MutationObserver((changes) => changes.flatMap((change) => Array.from(change.addedNodes))
            .filter((node) => node.matches?.('.flights > *')).forEach(note))
            .observe(document.body, { childList: true, subtree: true });";
    page.js(script, vec![]).await
}

/// What has traveled since the last look, once it has arrived and is gone.
async fn flights(page: &Page) -> Result<Vec<Flight>> {
    page.next_frame().await?;
    assert_eq!(page.count_css(".flights").await?, 1);
    let arrived = async || Ok((page.count_css(".flights > *").await? == 0).then_some(()));
    page.until("all that travels to arrive", arrived).await?;
    page.js("return window.flown.splice(0);", vec![]).await
}

/// The first pages of the clusters that traveled between these two. What is pointed at where one
/// set out, and where it arrived, has to be the same: a page, and the block that holds it.
async fn pages_of(page: &Page, flights: &[Flight], ways: [&str; 2]) -> Result<Vec<u32>> {
    let mut pages = Vec::new();
    for flight in flights {
        assert!((100.0..=500.0).contains(&flight.lasts), "{flight:?}");
        let mut captions = Vec::new();
        for (id, (x, y)) in ways.into_iter().zip([flight.from, flight.to]) {
            let [left, top, width, height] = frame(page, id).await?;
            let inside = (-1.0..width).contains(&(x - left)) && (-1.0..height).contains(&(y - top));
            assert!(inside, "{flight:?} is not in {id}");
            // A little within what begins there.
            captions.push(caption(page, (x + 3.0, y + 3.0)).await?);
        }
        assert_eq!(captions[0], captions[1], "{flight:?}");
        pages.push(number_after(&captions[0], "heap, page ")?);
    }
    pages.sort_unstable();
    Ok(pages)
}

/// A place of the map: how far to the right and how far down, of all that is in view.
async fn in_map(page: &Page, (right, down): Point) -> Result<Point> {
    let [x, y, width, height] = frame(page, "stripe-map").await?;
    Ok(((x + right * width).round(), (y + down * height).round()))
}

async fn frame(page: &Page, id: &str) -> Result<[f64; 4]> {
    let script = "const { x, y, width, height } = document.querySelector(arguments[0]).getBoundingClientRect();
        return [x, y, width, height];";
    page.js(script, vec![json!(format!("[data-testid={id}]"))])
        .await
}

/// Heights of rows and widths of blocks on the map.
async fn zoom(page: &Page) -> Result<(f64, f64)> {
    let script =
        "const { pitch, block } = document.querySelector('[data-testid=stripe-map]').dataset;
        return [Number(pitch), Number(block)];";
    page.js(script, vec![]).await
}

/// What the caption of the map says when the mouse is here.
async fn caption(page: &Page, point: Point) -> Result<String> {
    page.point_at(point).await?;
    let script = "return document.querySelector('.map-foot .caption').textContent;";
    page.js(script, vec![]).await
}

async fn block_at(page: &Page, point: Point) -> Result<u32> {
    number_after(&caption(page, point).await?, "Block ")
}

async fn blocks_at(page: &Page, [one, other]: [Point; 2]) -> Result<[u32; 2]> {
    Ok([block_at(page, one).await?, block_at(page, other).await?])
}

fn number_after(text: &str, word: &str) -> Result<u32> {
    let rest = text
        .split_once(word)
        .ok_or_else(|| format!("no {word}in “{text}”"))?
        .1;
    let end = rest
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(rest.len());
    Ok(rest[..end].parse()?)
}
