//! A small picture: the pages of an object, and where they lie on four disks.

use yew::prelude::*;

/// From one disk to the next, and the width of one.
const STRIDE: u32 = 118;
const WIDTH: u32 = 94;

/// From one stripe to the next.
const ROW: u32 = 19;

/// Stripes of a disk in the picture.
const ROWS: u32 = 7;

/// Where the disks begin.
const DISKS: u32 = 132;

/// The picture.
pub fn picture() -> Html {
    html! {
        <svg class="picture" viewBox="0 0 450 300" role="img"
            aria-label="The pages of a memory object, 32 at a time, go to four disks in turn. The first stripe of each disk is reserved.">
            <text x="2" y="14">{ "a program's memory, page by page" }</text>
            { for (0..4).map(stripe) }
            <text class="small" x="2" y="294">{ "32 pages make a stripe. Stripes go to the disks in turn." }</text>
        </svg>
    }
}

/// The pages of one stripe, and the disk they go to.
fn stripe(n: u32) -> Html {
    let left = 2 + n * STRIDE;
    let pages = (0..32).map(|page| {
        let (x, y) = (left + page % 8 * 12, 26 + page / 8 * 12);
        // The last ones are not needed out yet.
        let class = if n == 3 && page >= 16 {
            "stays"
        } else {
            "goes"
        };
        html! { <rect {class} x={x.to_string()} y={y.to_string()} width="9" height="9" rx="1.5" /> }
    });
    let stripes = (0..ROWS).map(|row| {
        let y = DISKS + row * ROW;
        let class = if row == 0 { "reserved" } else { "free" };
        html! { <rect {class} x={left.to_string()} y={y.to_string()} width={WIDTH.to_string()} height="14" rx="2" /> }
    });
    let hatching = (0..11).map(|i| {
        let (x, y) = (left + 2 + i * 8, DISKS + 14);
        let d = format!("M{x} {y}l6 -14");
        html! { <path class="hatching" {d} /> }
    });
    let held = if n == 3 { WIDTH / 2 } else { WIDTH };
    let middle = left + WIDTH / 2;
    let way = format!("M{middle} 78V{}", DISKS + ROW - 5);
    let tip = format!(
        "M{} {}L{middle} {}L{} {}",
        middle - 4,
        DISKS + ROW - 10,
        DISKS + ROW - 4,
        middle + 4,
        DISKS + ROW - 10
    );
    let y = (DISKS + ROW).to_string();
    html! {
        <g>
            { for pages }
            <text x={left.to_string()} y={(DISKS - 9).to_string()}>{ format!("disk {n}") }</text>
            { for stripes }
            { for hatching }
            <rect class="held" x={left.to_string()} {y} width={held.to_string()} height="14" rx="2" />
            <path class="way" d={way} />
            <path class="tip" d={tip} />
        </g>
    }
}
