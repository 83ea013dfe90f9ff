//! The text of lessons on the page.

use swap_pager::lesson::text::{Block, Inline};
use yew::prelude::*;

/// Paragraphs and lists. `site` is where the glossary is.
pub fn blocks(blocks: &[Block], site: &str) -> Html {
    let block = |block: &Block| match block {
        Block::Paragraph(parts) => html! { <p>{ line(parts, site) }</p> },
        Block::List(items) => {
            let items = items
                .iter()
                .map(|item| html! { <li>{ line(item, site) }</li> });
            html! { <ul>{ for items }</ul> }
        }
    };
    blocks.iter().map(block).collect()
}

/// A line of it.
pub fn line(parts: &[Inline], site: &str) -> Html {
    let part = |part: &Inline| match part {
        Inline::Plain(text) => html! { { text.clone() } },
        Inline::Strong(text) => html! { <strong>{ text.clone() }</strong> },
        Inline::Code(text) => html! { <code>{ text.clone() }</code> },
        Inline::Term(words, entry) => html! {
            <a class="term" href={format!("{site}teach/glossary.html#{entry}")} target="_blank" rel="noopener"
                title="In the glossary, in a new tab">{ words.clone() }</a>
        },
    };
    parts.iter().map(part).collect()
}
