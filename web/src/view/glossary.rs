//! Words of the page that the glossary explains.

use std::rc::Rc;

use yew::prelude::*;

/// Where the site is, for links to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Site(pub Rc<str>);

/// The words, in capitals or not, and the entry of each. What is not here is no word of its own.
const ENTRIES: [(&str, &str); 24] = [
    ("Behind it", "shadow-object"),
    ("blist", "blist"),
    ("Clean, on swap too", "clean"),
    ("Dirty", "dirty"),
    ("First stripe", "stripe"),
    ("Frame", "frame"),
    ("Hint", "hint"),
    ("In front of it", "shadow-object"),
    ("Metadata block", "swblock"),
    ("Metadata blocks", "swblock"),
    ("Node", "node"),
    ("Object", "object"),
    ("page", "page"),
    ("page out, page in", "page-out"),
    ("Paging in progress", "paging-in-progress"),
    ("Queue", "queue"),
    ("References", "reference-count"),
    ("Reserved", "disk-label"),
    ("Sleeps on", "wait-channel"),
    ("Slot", "slot"),
    ("Stripe", "stripe"),
    ("Transfer", "transfer"),
    ("Stripes", "stripe"),
    ("Swap block", "swap-block"),
];

/// What a [`Term`] is given.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// The word.
    pub word: AttrValue,
    /// Its entry, if the word isn't among those of the page.
    #[prop_or_default]
    pub entry: Option<AttrValue>,
}

/// A word, leading to what the glossary says of it.
#[component]
pub fn Term(props: &Props) -> Html {
    let site = use_context::<Site>().unwrap_or_default();
    let known = || {
        let entry = ENTRIES
            .iter()
            .find(|(word, _)| word.eq_ignore_ascii_case(&props.word));
        entry.map(|(_, entry)| AttrValue::Static(entry))
    };
    let Some(entry) = props.entry.clone().or_else(known) else {
        return html! { { &props.word } };
    };
    html! {
        <a class="term" href={format!("{}teach/glossary.html#{entry}", site.0)} target="_blank" rel="noopener"
            title="In the glossary, in a new tab">{ &props.word }</a>
    }
}
