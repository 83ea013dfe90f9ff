//! A small picture: the pages of an object, and where they lie on four disks.

use yew::prelude::*;

/// Pages in the picture: rows of eight, each row a cluster.
const CLUSTERS: u32 = 6;

/// The picture.
#[component]
pub fn Picture() -> Html {
    let pages = (0..CLUSTERS * 8).map(|page| {
        let (x, y) = (8 + page % 8 * 15, 40 + page / 8 * 22);
        html! { <rect class="out" x={x.to_string()} y={y.to_string()} width="11" height="11" rx="2" /> }
    });
    // Two clusters make a stripe; stripes go to the disks in turn.
    let disks = (0..4u32).map(|disk| {
        let x = 220 + disk * 66;
        let stripes = (0..7u32).map(|row| {
            let y = 40 + row * 19;
            let class = match row {
                0 => "reserved",
                1 if disk < 3 => "held",
                _ => "free",
            };
            html! { <rect {class} x={x.to_string()} y={y.to_string()} width="56" height="14" rx="2" /> }
        });
        html! { <g>
            <text x={x.to_string()} y="28">{ format!("disk {disk}") }</text>
            { for stripes }
        </g> }
    });
    let ways = (0..3u32).map(|disk| {
        let (from, to) = (56 + disk * 44, 220 + disk * 66);
        let d = format!("M132 {from}C175 {from} {} 66 {to} 66", 178 + disk * 22);
        html! { <path class="way" {d} /> }
    });
    let breaks = (0..3u32).map(|disk| {
        let x = 220 + disk * 66 + 28;
        html! { <line class="break" x1={x.to_string()} x2={x.to_string()} y1="59" y2="73" /> }
    });
    html! {
        <svg class="picture" viewBox="0 0 484 190" role="img"
            aria-label="Pages of a memory object are written to disk in clusters. Two clusters fill a stripe; the stripes go to four disks in turn.">
            <text x="8" y="28">{ "an object's pages" }</text>
            { for pages }
            { for ways }
            { for disks }
            { for breaks }
            <text class="small" x="220" y="186">{ "stripes go to the disks in turn; the first is reserved" }</text>
        </svg>
    }
}
