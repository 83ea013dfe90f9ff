//! The radix tree: what it shows is what the allocations made of it, and why.

use serde::Deserialize;
use serde_json::json;
use swap_playground_e2e::{Color, LOOKS, Look, Page, Result, Scheme, Screen, visit};
use thirtyfour::prelude::*;

#[derive(Debug, Deserialize)]
struct Row {
    level: u32,
    first: u32,
    free: u32,
    hint: i32,
    state: String,
    disk: String,
}

#[tokio::test]
async fn the_table_has_free_counts_and_hints() -> Result {
    visit(async |page| {
        known(page).await?;
        let rows = table(page).await?;
        let find = |level, first| {
            let row = rows
                .iter()
                .find(|row| (row.level, row.first) == (level, first));
            row.ok_or_else(|| format!("no row of {first} on level {level}"))
        };
        let is = |level, first, free, hint, state: &str| {
            let row = find(level, first)?;
            let told = (row.free, row.hint, row.state.as_str());
            assert_eq!(told, (free, hint, state), "{row:?}");
            Ok::<_, String>(())
        };
        // 44 pages are out: 28 in leaf 4, 16 in leaf 5; four stripes are reserved.
        is(3, 0, 0, 0, "all allocated")?;
        is(3, 128, 4, 15, "partly free")?;
        is(3, 160, 16, 32, "partly free")?;
        is(3, 192, 32, 32, "all free")?;
        let usable = 4 * (4096 - 32);
        assert_eq!(find(0, 0)?.free, usable - 44);
        assert_eq!(find(1, 0)?.free, 8192 - 128 - 44);
        assert_eq!(find(2, 0)?.free, 512 - 128 - 44);
        assert_eq!(find(1, 8192)?.state, "all free, collapsed");
        assert_eq!(find(3, 160)?.disk, "disk 1");
        // What stands below a collapsed node is not told as if it meant something.
        assert!(find(3, 8192).is_err() && find(2, 8192).is_err());
        let leaves = rows.iter().filter(|row| row.level == 3).count();
        assert_eq!(leaves, 16, "only one node of 512 is opened");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_last_search_gives_its_reasons() -> Result {
    visit(async |page| {
        known(page).await?;
        let heading = page.whole_text("tree-search").await?;
        let told = "16 blocks for putpages heap 32..47: found 160..175";
        assert!(heading.contains(told), "{heading}");
        let expected = [
            "root: hint 32 ≥ 16: entered",
            "node 0..8191: hint 32 ≥ 16: entered",
            "node 0..511: hint 32 ≥ 16: entered",
            "leaves 0..3: hint 0 < 16: skipped and not visited",
            "leaf 4 · disk 0: no run of 16: hint lowered to 15",
            "leaf 5 · disk 1: first run of 16: took 160..175",
        ];
        assert_eq!(steps(page).await?, expected);

        // What is written to is freed on swap, and told from the leaf up.
        page.fill("32").await?;
        let freed = page.whole_text("tree-freed").await?;
        let leaf = "leaf 5 · disk 1: 16 → 17 free, hint stays 32";
        assert!(
            freed.starts_with(leaf) && freed.contains("root: "),
            "{freed}"
        );

        // Back to the look at leaf 4: leaf 5 has not been come to yet.
        let go = "[data-testid=tree-search] li:nth-child(5) [data-seek]";
        page.press_css(go).await?;
        page.until("the search as far as it had come", async || {
            Ok((steps(page).await?.len() == 5).then_some(()))
        })
        .await?;
        let heading = page.whole_text("tree-search").await?;
        assert!(heading.contains("still searching"), "{heading}");
        let rows = table(page).await?;
        let leaf = rows.iter().find(|row| (row.level, row.first) == (3, 128));
        let leaf = leaf.ok_or("no row of leaf 4")?;
        // Its hint is lowered by the next event.
        assert_eq!((leaf.free, leaf.hint), (4, 32));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_bits_of_a_leaf_are_painted() -> Result {
    visit(async |page| {
        known(page).await?;
        for scheme in [Scheme::Light, Scheme::Dark] {
            let look = Look {
                scheme,
                ..Look::default()
            };
            page.look(look).await?;
            // Rings around what is selected would lie over the bits.
            let () = page.js("document.activeElement.blur();", vec![]).await?;
            page.settled().await?;
            let picture = page.canvas("tree-canvas").await?;
            let colors = ["--tree-used", "--cell", "--mark"];
            let [used, free, taken] = [
                page.style_color(colors[0]).await?,
                page.style_color(colors[1]).await?,
                page.style_color(colors[2]).await?,
            ];
            let cells = Cells::of(page).await?;
            for block in 128..192 {
                let expected = match block {
                    ..156 => used,
                    156..160 => free,
                    160..176 => taken,
                    _ => free,
                };
                let (x, y) = cells.middle(block);
                let found: Vec<Color> = picture.colors((x, x), (y, y)).into_iter().collect();
                let right = found.iter().all(|color| color.is_like(expected));
                assert!(right, "{look}: block {block} is {found:?} at {x}, {y}");
            }
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_keyboard_walks_from_node_to_node() -> Result {
    visit(async |page| {
        known(page).await?;
        page.tab_to("tree-picture").await?;
        told(page, "Root: partly free").await?;
        let [left, up, right, down] = [Key::Left, Key::Up, Key::Right, Key::Down];
        let press = async |key: Key| page.keys(key.value().to_string()).await;
        press(down.clone()).await?;
        told(page, "Node 0..8191").await?;
        press(right.clone()).await?;
        told(page, "Node 8192..16383: all free, collapsed").await?;
        // Nothing below it means anything.
        press(down.clone()).await?;
        told(page, "Node 8192..16383").await?;
        press(left).await?;
        press(down.clone()).await?;
        told(page, "Node 0..511").await?;
        press(down).await?;
        told(page, "Leaf 0 · disk 0").await?;
        for _ in 0..4 {
            press(right.clone()).await?;
        }
        told(page, "no run of 16: hint lowered to 15").await?;
        press(Key::Enter).await?;
        let inspector = page.whole_text("inspector").await?;
        assert!(inspector.contains("Leaf 4 · disk 0"), "{inspector}");
        assert!(inspector.contains("0xf0000000"), "{inspector}");
        press(up).await?;
        told(page, "Node 0..511").await?;
        page.keys("++").await?;
        assert_eq!(number(page, "data-blocks").await?, 4096);
        page.keys("0").await?;
        assert_eq!(number(page, "data-blocks").await?, 16384);
        page.keys("t").await?;
        let first = page
            .attribute_of("[data-testid=tree-table] tr.selected", "data-first")
            .await?;
        assert_eq!(first, "128");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_mouse_zooms_drags_and_selects() -> Result {
    visit(async |page| {
        known(page).await?;
        page.press("tree-to-search").await?;
        page.next_frame().await?;
        assert_eq!(number(page, "data-blocks").await?, 512);
        let picture = page.find("tree-picture").await?;
        let wheel = "const at = arguments[0].getBoundingClientRect();
            arguments[0].dispatchEvent(new WheelEvent('wheel', { deltaY: -400, bubbles: true,
                cancelable: true, clientX: at.left, clientY: at.top + 20 }));";
        page.driver()
            .execute(wheel, vec![picture.to_json()?])
            .await?;
        page.next_frame().await?;
        assert_eq!(number(page, "data-blocks").await?, 256);
        assert_eq!(number(page, "data-from").await?, 0);
        let drag = page.driver().action_chain();
        let drag = drag.move_to_element_with_offset(&picture, 100, -60);
        let drag = drag.click_and_hold().move_by_offset(-80, 0);
        drag.release().perform().await?;
        page.next_frame().await?;
        assert!(number(page, "data-from").await? > 10);
        page.press("tree-fit").await?;
        page.next_frame().await?;
        assert_eq!(number(page, "data-blocks").await?, 16384);

        // A block among the magnified bits.
        let (x, y) = Cells::of(page).await?.middle(164);
        let rect = picture.rect().await?;
        let (dx, dy) = (
            x as i64 - (rect.width / 2.0) as i64,
            y as i64 - (rect.height / 2.0) as i64,
        );
        let click = page.driver().action_chain();
        let click = click.move_to_element_with_offset(&picture, dx, dy);
        click.click().perform().await?;
        page.until("the block in the inspector", async || {
            let inspector = page.whole_text("inspector").await?;
            Ok(inspector.contains("Block 164").then_some(()))
        })
        .await
    })
    .await
}

#[tokio::test]
async fn it_fits_and_is_accessible() -> Result {
    visit(async |page| {
        known(page).await?;
        for look in LOOKS {
            page.look(look).await?;
            if look.screen == Screen::Narrow {
                page.show_tab("views").await?;
            }
            for what in ["picture", "table"] {
                page.is_accessible(&format!("the tree's {what}, {look}"))
                    .await?;
                let script = "const { scrollWidth, scrollHeight } = document.documentElement;
                    return scrollWidth <= innerWidth && scrollHeight <= innerHeight;";
                let fits: bool = page.js(script, vec![]).await?;
                assert!(fits, "{look}: the page itself scrolls");
                page.press("table-toggle").await?;
            }
        }
        Ok(())
    })
    .await
}

/// 28 pages in leaf 4, so that the 16 that are sought last go to leaf 5; then the tree is shown.
async fn known(page: &Page) -> Result {
    page.start_empty().await?;
    for _ in 0..4 {
        page.add_disk(4096).await?;
    }
    page.new_object(Some("heap"), 64).await?;
    page.fill("all").await?;
    for range in ["0..15", "16..27", "32..47"] {
        page.page_out(range).await?;
    }
    page.select("all").await?;
    page.press("view-tree").await?;
    page.until_there("tree-search", true).await
}

/// The rows of the tree's table, which is opened for that and closed again.
async fn table(page: &Page) -> Result<Vec<Row>> {
    page.press("table-toggle").await?;
    page.until_there("tree-table", true).await?;
    let script =
        "return Array.from(document.querySelectorAll('[data-testid=tree-table] [data-node]'),
        ({ dataset }) => ({ level: +dataset.level, first: +dataset.first, free: +dataset.free,
            hint: +dataset.hint, state: dataset.state, disk: dataset.disk }));";
    let rows = page.js(script, vec![]).await?;
    page.press("table-toggle").await?;
    page.until_there("tree-table", false).await?;
    Ok(rows)
}

/// What is said of each step of the last search.
async fn steps(page: &Page) -> Result<Vec<String>> {
    let script =
        "return Array.from(document.querySelectorAll('[data-testid=tree-search] li .line'),
        (line) => line.textContent);";
    page.js(script, vec![]).await
}

/// Waits until the node under the cursor is told of like this.
async fn told(page: &Page, what: &str) -> Result {
    page.until(&format!("to be told \"{what}\""), async || {
        let script = "return document.querySelector(arguments[0]).textContent;";
        let text: String = page.js(script, vec![json!("#tree-cursor")]).await?;
        Ok(text.contains(what).then_some(()))
    })
    .await
}

async fn number(page: &Page, attribute: &str) -> Result<u32> {
    let value = page.attribute("tree-picture", attribute).await?;
    Ok(value.ok_or_else(|| format!("no {attribute}"))?.parse()?)
}

/// Where the magnified bits are painted.
struct Cells {
    first: u32,
    pitch: f64,
    top: u32,
}

impl Cells {
    async fn of(page: &Page) -> Result<Cells> {
        let width: f64 = page
            .js(
                "return document.querySelector('[data-testid=tree-canvas]').width;",
                vec![],
            )
            .await?;
        let leaves = number(page, "data-lens-leaves").await?;
        Ok(Cells {
            first: number(page, "data-lens").await?,
            pitch: (width + 10.0) / f64::from(leaves),
            top: number(page, "data-cells-y").await?,
        })
    }

    /// The middle of a block's bit.
    fn middle(&self, block: u32) -> (usize, usize) {
        let (leaf, bit) = (block / 32 - self.first, block % 32);
        let cell = (self.pitch - 10.0) / 16.0;
        let x = f64::from(leaf) * self.pitch + (f64::from(bit % 16) + 0.45) * cell;
        let y = self.top + bit / 16 * 12 + 5;
        (x as usize, y as usize)
    }
}
