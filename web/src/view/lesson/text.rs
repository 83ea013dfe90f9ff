//! The text of lessons on the page.

use swap_pager::lesson::text::{Block, Inline};
use yew::prelude::*;

use crate::view::drawn::drawn;
use crate::view::glossary::Term;

/// Paragraphs and lists.
pub fn blocks(blocks: &[Block]) -> Html {
    let block = |block: &Block| match block {
        Block::Paragraph(parts) => html! { <p>{ line(parts) }</p> },
        Block::List(items) => {
            let items = items.iter().map(|item| html! { <li>{ line(item) }</li> });
            html! { <ul>{ for items }</ul> }
        }
    };
    blocks.iter().map(block).collect()
}

/// A line of it.
pub fn line(parts: &[Inline]) -> Html {
    let part = |part: &Inline| match part {
        Inline::Plain(text) => html! { { text.clone() } },
        Inline::Strong(text) => html! { <strong>{ text.clone() }</strong> },
        Inline::Code(text) => html! { <code>{ text.clone() }</code> },
        Inline::Term(words, entry) => drawn::<Term>(yew::props!(crate::view::glossary::Props {
            word: words.clone(),
            entry: entry.clone()
        })),
    };
    parts.iter().map(part).collect()
}
