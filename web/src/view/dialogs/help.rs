//! Keys, and what is to be seen.

use yew::prelude::*;

use super::modal::Modal;
use crate::view::drawn::drawn;
use crate::view::glossary::Term;
use crate::view::keys::SHORTCUTS;
use crate::view::objects::legend::legend;
use crate::view::timeline::ticks;

/// What help is given.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Told when it is to close.
    pub onclose: Callback<()>,
}

const IN_GRIDS: [(&str, &str); 4] = [
    ("← → ↑ ↓", "In pages or blocks: go to the next"),
    (
        "Shift ← → ↑ ↓",
        "In pages: select a range; so does Shift click, or a drag",
    ),
    ("Home, End", "To the first, to the last"),
    ("Tab", "From panel to panel"),
];

/// What swapping is about, in words that are used on the page.
const WORDS: [(&str, &str); 9] = [
    (
        "page",
        "4 096 bytes of memory, the unit in which all is moved.",
    ),
    ("object", "Memory that a program uses, a row of pages."),
    (
        "dirty",
        "Changed since it was last written to swap: it must be written before it can leave memory.",
    ),
    (
        "page out, page in",
        "Write a page to swap and let it go from memory; read it back.",
    ),
    ("frame", "A place in memory that holds one page."),
    (
        "swap block",
        "A place on swap that holds one page. Swap blocks are counted over all disks.",
    ),
    (
        "stripe",
        "32 blocks in a row on one disk. Stripes go to the disks in turn.",
    ),
    (
        "blist",
        "The bitmap of free swap blocks, a tree that is searched from the root.",
    ),
    (
        "sleeps on",
        "The kernel's name for what an operation waits for, such as swread: a read from swap.",
    ),
];

/// Help.
#[component]
pub fn Help(props: &Props) -> Html {
    drawn::<Modal>(yew::props!(super::modal::Props {
        title: "Help",
        onclose: props.onclose.clone(),
        wide: true,
        children: html! { <>
                    <div class="help">
                        <section>
                            <h3>{ "Keys" }</h3>
                            <dl class="keys">
                                { for SHORTCUTS.iter().map(|(_, key, _, text)| html! { <div><dt><kbd>{ *key }</kbd></dt><dd>{ *text }</dd></div> }) }
                                { for IN_GRIDS.iter().map(|(key, text)| html! { <div><dt><kbd>{ *key }</kbd></dt><dd>{ *text }</dd></div> }) }
                            </dl>
                        </section>
                        <section>
                            <h3>{ "Pages" }</h3>
                            { legend() }
                            <h3>{ "Disks" }</h3>
                            <ul class="legend tall">
                                <li><i class="key-run" aria-hidden="true" />{ "blocks that hold pages, in the object's colour" }</li>
                                <li><i class="key-free" aria-hidden="true" />{ "free stripe" }</li>
                                <li><i class="key-reserved" aria-hidden="true" />{ "reserved: the disk's label lies there" }</li>
                                <li><i class="key-write" aria-hidden="true" />{ "write in flight" }</li>
                                <li><i class="key-read" aria-hidden="true" />{ "read in flight" }</li>
                            </ul>
                            <h3>{ "Ticks of the timeline, from above" }</h3>
                            { ticks(false) }
                            <h3>{ "Words" }</h3>
                            <dl class="words">{ for WORDS.iter().map(|(word, text)| html! { <div><dt>{ drawn::<Term>(yew::props!(crate::view::glossary::Props { word: *word })) }</dt><dd>{ *text }</dd></div> }) }</dl>
                        </section>
                    </div>
        </> }
    }))
}
