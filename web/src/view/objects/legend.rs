//! What the cells mean, drawn as they are.

use swap_pager::units::ObjectId;
use web_sys::HtmlCanvasElement;
use yew::prelude::*;

use super::paint;
use crate::view::canvas::{prepare, use_theme};
use crate::view::drawn::drawn;
use crate::view::format::px;
use crate::view::look::PageLook;

/// Side of a cell of the legend.
const SIZE: f64 = 13.0;

const ENTRIES: [(PageLook, &str); 7] = [
    (PageLook::Untouched, "never touched"),
    (PageLook::Dirty, "dirty"),
    (PageLook::Clean { copy: false }, "clean"),
    (PageLook::Clean { copy: true }, "also on swap"),
    (PageLook::Swapped, "on swap only"),
    (PageLook::Writing, "being written"),
    (PageLook::Reading, "being read"),
];

/// The legend of page cells.
pub fn legend() -> Html {
    html! {
        <ul class="legend" aria-label="What the cells mean">
            { for ENTRIES.iter().map(|&(look, text)| html! {
                <li title={look.meaning()}>{ drawn::<Sample>(yew::props!(SampleProps { look })) }{ text }</li>
            }) }
        </ul>
    }
}

#[derive(PartialEq, Properties)]
struct SampleProps {
    look: PageLook,
}

#[component]
fn Sample(props: &SampleProps) -> Html {
    let canvas = use_node_ref();
    let theme = use_theme();
    let look = props.look;
    {
        let canvas = canvas.clone();
        use_effect(move || {
            let canvas = canvas.cast::<HtmlCanvasElement>();
            if let Some(canvas) = canvas
                && let Some(palette) = theme.palette(&canvas)
                && let Some(context) = prepare(&canvas, SIZE, SIZE)
            {
                let color = palette.object(ObjectId(1));
                paint::cell(&context, &palette, look, color, (0.0, 0.0, SIZE));
            }
        });
    }
    html! { <canvas ref={canvas} aria-hidden="true" ~style={format!("width:{0};height:{0}", px(SIZE))} /> }
}
