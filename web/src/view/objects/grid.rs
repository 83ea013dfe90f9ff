//! The pages of an object on a canvas, with mouse, touch and keyboard.

use std::rc::Rc;

use swap_pager::Model;
use swap_pager::units::{ObjectId, PageIndex};
use web_sys::{Element, HtmlCanvasElement};
use yew::prelude::*;

use super::cells::Cells;
use super::paint::{self, Marks, Picture};
use crate::view::Panel;
use crate::view::canvas::{Viewport, pointer_at, prepare, prepare_band, use_theme, use_viewport};
use crate::view::format::{decimal, px};
use crate::view::link::Linked;
use crate::view::look::{PageLook, object_name};
use crate::view::ui::{Action, Thing};

/// Rows from which on the grid scrolls inside itself.
const TALL: u32 = 20;

/// What a grid is given.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// The object.
    pub object: ObjectId,
    /// What every panel is given.
    pub panel: Panel,
}

/// The pages of an object.
#[component]
pub fn Grid(props: &Props) -> Html {
    let Panel {
        session,
        ui,
        dispatch,
        ..
    } = &props.panel;
    let object = props.object;
    let node = use_node_ref();
    let canvas = use_node_ref();
    let focused = use_state_eq(|| false);
    let dragging = use_mut_ref(|| false);
    let tapped = use_mut_ref(|| None::<u32>);
    let drawn = use_mut_ref(|| None::<Rc<Picture>>);
    let view = use_viewport(&node);
    let theme = use_theme();
    let model = session.model();
    let size = model.objects.get(&object).map_or(0, |object| object.size);
    let cells = Cells::new(size, view.width);
    let selection = ui.selection.filter(|selection| selection.object == object);
    let marks = Marks {
        selected: selection
            .map(|selection| selection.range())
            .filter(|range| range.count != size),
        head: selection
            .filter(|_| *focused)
            .map(|selection| selection.head),
        hover: Linked::of(&model, &session.history(), ui.hover)
            .pages
            .filter(|(of, _)| *of == object)
            .map(|(_, range)| range.start),
    };
    let picture = Rc::new(Picture {
        object,
        cells,
        view,
        marks,
        theme: theme.version(),
        looks: paint::looks(&model, object, cells.visible(view.scroll, view.height)),
    });
    {
        let (canvas, drawn) = (canvas.clone(), drawn.clone());
        use_effect_with(picture, move |picture| {
            let Some(canvas) = canvas.cast::<HtmlCanvasElement>() else {
                return;
            };
            let Some(palette) = theme.palette(&canvas) else {
                return;
            };
            let before = drawn.borrow_mut().replace(picture.clone());
            let (width, height) = (
                picture.view.width,
                shown_height(&picture.cells, picture.view),
            );
            // Of what only changes in some places, those are drawn.
            let rows = before.and_then(|before| picture.rows_other_than(&before));
            let part = rows.and_then(|rows| {
                let band = picture.band(&rows);
                Some((prepare_band(&canvas, (width, height), band)?, rows))
            });
            if let Some((context, rows)) = part {
                paint::grid(&context, &palette, picture, Some(rows));
                context.restore();
            } else if let Some(context) = prepare(&canvas, width, height) {
                paint::grid(&context, &palette, picture, None);
            }
        });
    }
    {
        let node = node.clone();
        let partly = selection.filter(|selection| selection.range().count != size);
        let head = partly.map(|selection| selection.head);
        use_effect_with(head, move |head| {
            let (Some(head), Some(element)) = (head, node.cast::<Element>()) else {
                return;
            };
            let y = cells.at(head.0).1;
            if y < view.scroll || y + cells.pitch > view.scroll + view.height {
                element.set_scroll_top((y - view.height / 2.0).max(0.0) as i32);
            }
        });
    }
    let pick = {
        let dispatch = dispatch.clone();
        move |page: u32, extend: bool| {
            dispatch.dispatch(Action::SelectPage {
                object,
                page: PageIndex(page),
                extend,
            });
        }
    };
    let onpointerdown = {
        let (node, dragging, pick) = (node.clone(), dragging.clone(), pick.clone());
        let tapped = tapped.clone();
        Callback::from(move |event: PointerEvent| {
            let page = pointer_at(&event, &node).and_then(|(x, y)| cells.hit(x, y));
            let Some(page) = page.filter(|_| event.button() == 0) else {
                return;
            };
            if event.pointer_type() == "touch" {
                // It may become a scroll; it is a tap once the finger is up again.
                *tapped.borrow_mut() = Some(page);
            } else {
                *dragging.borrow_mut() = true;
                if let Some(element) = node.cast::<Element>() {
                    // Without capture a drag ends at the edge, which is no harm.
                    let _ = element.set_pointer_capture(event.pointer_id());
                }
                pick(page, event.shift_key());
            }
        })
    };
    let onpointermove = {
        let (node, dragging, pick) = (node.clone(), dragging.clone(), pick.clone());
        let (dispatch, hover) = (dispatch.clone(), ui.hover);
        let head = selection.map(|selection| selection.head.0);
        Callback::from(move |event: PointerEvent| {
            let Some((x, y)) = pointer_at(&event, &node) else {
                return;
            };
            let thing = cells
                .hit(x, y)
                .map(|page| Thing::Page(object, PageIndex(page)));
            if thing != hover {
                dispatch.dispatch(Action::Hover(thing));
            }
            let page = cells.nearest(x, y);
            if *dragging.borrow() && head != Some(page) {
                pick(page, true);
            }
        })
    };
    let release = {
        let (dragging, pick) = (dragging.clone(), pick.clone());
        Callback::from(move |event: PointerEvent| {
            *dragging.borrow_mut() = false;
            let tap = tapped.take().filter(|_| event.type_() == "pointerup");
            if let Some(page) = tap {
                pick(page, event.shift_key());
            }
        })
    };
    let onpointerleave = {
        let dispatch = dispatch.clone();
        Callback::from(move |_: PointerEvent| dispatch.dispatch(Action::Hover(None)))
    };
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        if event.ctrl_key() || event.alt_key() || event.meta_key() {
            return;
        }
        let from = selection.map_or(0, |selection| selection.head.0);
        if let Some(page) = cells.moved(from, &event.key()) {
            event.prevent_default();
            event.stop_propagation();
            pick(page, event.shift_key());
        }
    });
    let set_focus = |to: bool| {
        let focused = focused.setter();
        Callback::from(move |_: FocusEvent| focused.set(to))
    };
    let head = selection.map_or(PageIndex(0), |selection| selection.head);
    let cell_id = format!("cell-{}-{}", object.0, head.0);
    let tall = cells.rows() > TALL;
    let (row, column) = (head.0 / cells.columns + 1, head.0 % cells.columns + 1);
    let selected = selection.is_some();
    html! {
        <div ref={node} class={classes!("page-grid", tall.then_some("tall"))} role="grid" tabindex="0"
            data-testid="page-grid" data-columns={cells.columns.to_string()} data-pitch={decimal(cells.pitch, 3)}
            aria-label={format!("Pages of {}", object_name(&model, object))}
            aria-rowcount={cells.rows().to_string()} aria-colcount={cells.columns.to_string()}
            aria-multiselectable="true" aria-activedescendant={cell_id.clone()}
            onfocus={set_focus(true)} onblur={set_focus(false)} {onkeydown}
            {onpointerdown} {onpointermove} onpointerup={release.clone()} onpointercancel={release} {onpointerleave}>
            <div class="spacer" ~style={format!("height:{}", px(cells.height()))} role="presentation">
                <canvas ref={canvas} aria-hidden="true"
                    ~style={format!("width:{};height:{}", px(view.width), px(shown_height(&cells, view)))} />
            </div>
            <div class="visually-hidden" role="row" aria-rowindex={row.to_string()}>
                <div role="gridcell" id={cell_id} aria-colindex={column.to_string()}
                    aria-selected={selected.to_string()}>{ cell_label(&model, object, head) }</div>
            </div>
        </div>
    }
}

/// The canvas is as tall as what is in view.
fn shown_height(cells: &Cells, view: Viewport) -> f64 {
    if cells.rows() > TALL {
        view.height
    } else {
        cells.height()
    }
}

fn cell_label(model: &Model, object: ObjectId, page: PageIndex) -> String {
    let look = PageLook::in_model(model, object, page);
    match model.swap.get(&(object, page)) {
        Some(block) => format!("{page}, {}, swap block {block}", look.words()),
        None => format!("{page}, {}", look.words()),
    }
}
