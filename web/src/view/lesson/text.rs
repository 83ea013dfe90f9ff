//! The text of lessons on the page.

use swap_pager::lesson::text::{Block, Inline};
use yew::prelude::*;

use crate::lesson::Given;
use crate::lesson::words::filled;

/// Paragraphs and lists. `site` is where the glossary is, `given` what was answered.
pub fn blocks(blocks: &[Block], site: &str, given: Option<&Given>) -> Html {
    let block = |block: &Block| match block {
        Block::Paragraph(parts) => html! { <p>{ line(parts, site, given) }</p> },
        Block::List(items) => {
            let items = items.iter().map(|item| html! { <li>{ line(item, site, given) }</li> });
            html! { <ul>{ for items }</ul> }
        }
    };
    blocks.iter().map(block).collect()
}

/// A line of it.
pub fn line(parts: &[Inline], site: &str, given: Option<&Given>) -> Html {
    let part = |part: &Inline| match part {
        Inline::Plain(text) => html! { { filled(text, given) } },
        Inline::Strong(text) => html! { <strong>{ filled(text, given) }</strong> },
        Inline::Code(text) => html! { <code>{ filled(text, given) }</code> },
        Inline::Term(words, entry) => html! {
            <a class="term" href={format!("{site}teach/glossary.html#{entry}")} target="_blank" rel="noopener"
                title="In the glossary, in a new tab">{ filled(words, given) }</a>
        },
    };
    parts.iter().map(part).collect()
}
