//! The bytes of a page: those in memory, and those that lie on the disk.

use swap_pager::PageData;
use swap_pager::command::PageRange;
use swap_pager::units::{DeviceBlock, DeviceId, ObjectId, PageIndex};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::hex;
use crate::session::Session;
use crate::view::Panel;
use crate::view::controls;
use crate::view::drawn::drawn;
use crate::view::look::PageLook;

/// The bytes of a page, if it is in memory.
pub fn bytes(panel: &Panel, object: ObjectId, page: PageIndex) -> Html {
    let model = panel.session.model();
    let look = PageLook::in_model(&model, object, page);
    let resident = model
        .pages
        .get(&(object, page))
        .filter(|page| page.state.valid);
    let Some(resident) = resident else {
        let text = match look {
            PageLook::Untouched => "No bytes yet. The first touch fills it with zeros.",
            PageLook::Reading => "Its bytes are on their way from the disk.",
            _ => "Its bytes are on disk only: nothing in memory holds them.",
        };
        let read = {
            let session = panel.session.clone();
            let range = PageRange {
                start: page,
                count: 1,
            };
            Callback::from(move |_: MouseEvent| controls::read(&session, object, range))
        };
        return html! {
            <div class="bytes">
                <h3>{ "Bytes" }</h3>
                <p class="note">{ text }</p>
                if look == PageLook::Swapped {
                    <button type="button" data-testid="page-in" onclick={read}>{ "Read it back (page in)" }</button>
                }
            </div>
        };
    };
    drawn::<Dump>(yew::props!(DumpProps {
        title: "Bytes",
        of: page.to_string(),
        id: "hex",
        data: resident.data.clone()
    }))
}

#[derive(PartialEq, Properties)]
struct DumpProps {
    title: &'static str,
    /// Whose bytes they are.
    of: String,
    id: &'static str,
    data: PageDataProp,
}

/// Contents that can be handed to a component.
#[derive(Clone, PartialEq)]
pub struct PageDataProp(PageData);

impl yew::html::IntoPropValue<PageDataProp> for PageData {
    fn into_prop_value(self) -> PageDataProp {
        PageDataProp(self)
    }
}

/// Bytes in hexadecimal and as text.
#[component]
fn Dump(props: &DumpProps) -> Html {
    let more = use_state_eq(|| false);
    let Some(bytes) = props.data.0.bytes() else {
        return html! {
            <div class="bytes">
                <h3>{ props.title }</h3>
                <p class="note">{ "What was in it then is no longer known." }</p>
            </div>
        };
    };
    let bytes = &bytes[..];
    let most = if *more { bytes.len() } else { hex::FIRST };
    let toggle = {
        let (to, set) = (!*more, more.setter());
        Callback::from(move |_: MouseEvent| set.set(to))
    };
    html! {
        <div class="bytes">
            <div class="panel-head">
                <h3>{ props.title }</h3>
                <button type="button" class="link" onclick={toggle}>
                    { if *more { "first 256 only" } else { "all 4 096" } }
                </button>
            </div>
            if let Some(text) = hex::text_at_start(bytes) {
                <p class="reads" title="The text that the bytes begin with">{ format!("“{text}”") }</p>
            }
            <div class={classes!("hex", (*more).then_some("all"))} data-testid={props.id} tabindex="0" role="region" aria-label={format!("Bytes of {}", props.of)}>
                { for hex::rows(bytes, most).into_iter().map(|row| html! {
                    <div key={row.offset.clone()}>
                        <span class="offset">{ row.offset }</span>
                        <span class="hex-bytes">{ row.bytes }</span>
                        <span class="hex-text">{ row.text }</span>
                    </div>
                }) }
            </div>
        </div>
    }
}

/// What is needed to look at a disk.
#[derive(PartialEq, Properties)]
pub struct PeekProps {
    /// The session.
    pub session: Session,
    /// The disk.
    pub disk: DeviceId,
    /// The block there.
    pub block: DeviceBlock,
}

/// What was asked for, and what came of it.
type Peeked = ((DeviceId, DeviceBlock, u64), Result<PageData, String>);

/// Looks at what lies in a block of a disk, without bringing it into memory.
#[component]
pub fn Peek(props: &PeekProps) -> Html {
    let peeked = use_state(|| None::<Peeked>);
    let (disk, block) = (props.disk, props.block);
    // What happened since may have changed it.
    let asked = (disk, block, props.session.events());
    let look = {
        let (session, peeked) = (props.session.clone(), peeked.setter());
        Callback::from(move |_: MouseEvent| {
            let (session, peeked) = (session.clone(), peeked.clone());
            spawn_local(async move {
                let found = session.peek(disk, block).await;
                peeked.set(Some((asked, found)));
            });
        })
    };
    let shown = match &*peeked {
        Some((of, Ok(data))) if *of == asked => html! {
            <>
                <p class="note" data-testid="peeked">{ format!("This is stored now in block {} of {disk}. Checksum ok.", block.0) }</p>
                { drawn::<Dump>(yew::props!(DumpProps { title: "On the disk", of: format!("block {} of {disk}", block.0), id: "disk-hex", data: data.clone() })) }
            </>
        },
        Some((of, Err(error))) if *of == asked => {
            html! { <p class="note" data-testid="peeked">{ error.clone() }</p> }
        }
        _ => html! {
            <button type="button" data-testid="peek" onclick={look} title="Shows what is stored there, without a page-in">{ "Look at the disk" }</button>
        },
    };
    html! { <div class="bytes peek">{ shown }</div> }
}
