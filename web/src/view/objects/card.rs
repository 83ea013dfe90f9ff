//! One object: its name, its pages, and if it is selected what can be done with them.

use swap_pager::units::ObjectId;
use yew::prelude::*;

use super::actions::Actions;
use super::grid::Grid;
use crate::view::Panel;
use crate::view::drawn::drawn;
use crate::view::format::count;
use crate::view::link::select_whole;
use crate::view::look::{Texture, object_look, object_name};

/// What a card is given.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// The object.
    pub object: ObjectId,
    /// What every panel is given.
    pub panel: Panel,
}

/// The card of an object.
#[component]
pub fn Card(props: &Props) -> Html {
    let Panel {
        session,
        ui,
        dispatch,
        ..
    } = &props.panel;
    let object = props.object;
    let model = session.model();
    let Some(state) = model.objects.get(&object).copied() else {
        return Html::default();
    };
    let selected = ui
        .selection
        .is_some_and(|selection| selection.object == object);
    let select = {
        let (session, dispatch) = (session.clone(), dispatch.clone());
        Callback::from(move |_: MouseEvent| {
            let action = select_whole(&session.model(), object);
            dispatch.dispatch(action);
        })
    };
    let about = if model.name(object).is_some() {
        format!("{object} · {}", count(state.size, "page"))
    } else {
        count(state.size, "page")
    };
    html! {
        <article class={classes!("card", selected.then_some("selected"), state.dead.then_some("dead"))}
            data-testid="object-card" data-object={object.0.to_string()}>
            <button type="button" class="card-head" aria-pressed={selected.to_string()} onclick={select}
                title="Select all pages of this object">
                { dot(object) }
                <span class="card-name">{ object_name(&model, object) }</span>
                <span class="note">{ about }</span>
            </button>
            { drawn::<Grid>(yew::props!(super::grid::Props { object, panel: props.panel.clone() })) }
            if state.dead {
                <p class="note">{ "Its last reference is gone. It waits for its transfers to end." }</p>
            } else if let Some(selection) = ui.selection.filter(|_| selected) {
                { drawn::<Actions>(yew::props!(super::actions::Props { session: session.clone(), dispatch: dispatch.clone(), selection, typed: ui.typed.clone(), size: state.size })) }
            }
        </article>
    }
}

/// The colour of an object.
pub fn dot(object: ObjectId) -> Html {
    let (color, texture) = object_look(object);
    let texture = match texture {
        Texture::Plain => "",
        Texture::Stripes => "striped",
        Texture::Dots => "dotted",
    };
    let style = format!("--own:var(--object-{color})");
    html! { <span class={classes!("object-dot", texture)} ~style={style} aria-hidden="true" /> }
}
