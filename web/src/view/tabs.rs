//! What a narrow screen shows one at a time.

use web_sys::Element;
use yew::prelude::*;

use super::ui::{Action, Dispatch, Tab};

/// The tabs of a narrow screen, in their order.
const TABS: [(Tab, &str); 5] = [
    (Tab::Lesson, "Lesson"),
    (Tab::Objects, "Objects"),
    (Tab::Views, "Views"),
    (Tab::Inspector, "Inspector"),
    (Tab::Log, "Log"),
];

/// The tabs; `lesson` is whether one is open.
pub fn tabs(shown: Tab, lesson: bool, dispatch: &Dispatch) -> Html {
    let tab = |tab: Tab, text: &'static str| {
        let dispatch = dispatch.clone();
        let onclick = Callback::from(move |_: MouseEvent| dispatch.dispatch(Action::Show(tab)));
        let current = (tab == shown).then_some("page");
        html! {
            <button type="button" data-testid={format!("tab-{}", tab_name(tab))} aria-current={current} {onclick}>{ text }</button>
        }
    };
    html! {
        <nav class="tabs" aria-label="Views">
            { for TABS[usize::from(!lesson)..].iter().map(|(to, text)| tab(*to, text)) }
        </nav>
    }
}

/// The tab in test ids.
pub fn tab_name(tab: Tab) -> &'static str {
    match tab {
        Tab::Objects => "objects",
        Tab::Views => "views",
        Tab::Inspector => "inspector",
        Tab::Log => "log",
        Tab::Lesson => "lesson",
    }
}

/// How far a finger has to go sideways to come to the next tab, in pixels.
const SWIPE: i32 = 60;

/// What takes a sideways movement for itself.
const NO_SWIPE: &str = "canvas, input, select, textarea, dialog, [role=slider], [role=application], .view-tabs, .hex, .table-scroll";

/// On a narrow screen a swipe leads to the next tab.
#[hook]
pub fn use_swipe(
    tab: Tab,
    dispatch: &Dispatch,
) -> (Callback<PointerEvent>, Callback<PointerEvent>) {
    let began = use_mut_ref(|| None::<(i32, i32)>);
    let down = {
        let began = began.clone();
        Callback::from(move |event: PointerEvent| {
            let target = event.target_dyn_into::<Element>();
            let free = target.is_some_and(|at| matches!(at.closest(NO_SWIPE), Ok(None)));
            let touch = event.pointer_type() == "touch" && event.is_primary();
            *began.borrow_mut() = (touch && free).then(|| (event.client_x(), event.client_y()));
        })
    };
    let dispatch = dispatch.clone();
    let up = Callback::from(move |event: PointerEvent| {
        let Some((x, y)) = began.take() else { return };
        let (dx, dy) = (event.client_x() - x, event.client_y() - y);
        if dx.abs() < SWIPE || dx.abs() < 2 * dy.abs() {
            return;
        }
        let at = TABS.iter().position(|(other, _)| *other == tab);
        let to = at.and_then(|at| {
            if dx < 0 {
                at.checked_add(1)
            } else {
                at.checked_sub(1)
            }
        });
        if let Some((to, _)) = to.and_then(|to| TABS.get(to)) {
            dispatch.dispatch(Action::Show(*to));
        }
    });
    (down, up)
}
