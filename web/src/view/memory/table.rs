//! Memory as a table: runs of frames that are alike.

use swap_pager::Model;
use swap_pager::page::Queue;
use swap_pager::units::{ObjectId, PageIndex};
use yew::prelude::*;

use super::words::queue;
use crate::session::frames::{Frames, GROUP};
use crate::view::Panel;
use crate::view::format::{grouped, span};
use crate::view::look::{PageLook, object_name};
use crate::view::pressed::{number, pressed};
use crate::view::ui::Action;

/// Most rows shown.
const MOST: usize = 400;

/// Neighbouring frames with neighbouring pages of one object in one state. Frames that were given
/// back are used again last one first, so pages may count down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Run {
    frame: u32,
    count: u32,
    object: ObjectId,
    page: PageIndex,
    down: bool,
    look: PageLook,
    queue: Queue,
}

/// The frames in use, run by run.
#[component]
pub fn Table(props: &Panel) -> Html {
    let model = props.session.model();
    let history = props.session.history();
    let (runs, rest) = runs(&model, history.frames(), MOST);
    let onclick = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |event: MouseEvent| {
            if let Some(row) = pressed(&event, "[data-frame]")
                && let (Some(object), Some(page)) =
                    (number(&row, "data-object"), number(&row, "data-page"))
            {
                dispatch.dispatch(Action::SelectPage {
                    object: ObjectId(object),
                    page: PageIndex(page),
                    extend: false,
                });
            }
        })
    };
    let row = |run: &Run| {
        html! {
            <tr key={run.frame} data-frame={run.frame.to_string()} data-count={run.count.to_string()}
                data-object={run.object.0.to_string()} data-page={run.page.0.to_string()}>
                <th scope="row"><button type="button" class="link">{ span(run.frame, run.frame + run.count - 1) }</button></th>
                <td>{ object_name(&model, run.object) }</td>
                <td>{ span(run.page.0, if run.down { run.page.0 + 1 - run.count } else { run.page.0 + run.count - 1 }) }</td>
                <td>{ run.look.words() }</td>
                <td>{ queue(run.queue) }</td>
            </tr>
        }
    };
    html! {
            <table data-testid="memory-table" {onclick}>
                <thead><tr>
                    <th scope="col">{ "Frames" }</th>
                    <th scope="col">{ "Object" }</th>
                    <th scope="col">{ "Pages" }</th>
                    <th scope="col">{ "State" }</th>
                    <th scope="col">{ "Queue" }</th>
                </tr></thead>
                <tbody>
                    { for runs.iter().map(row) }
                    <tr><td colspan="5">{ if rest > 0 {
                        format!("and more, in frames from {} on", grouped(rest))
                    } else {
                        "all other frames are free".to_owned()
                    } }</td></tr>
                </tbody>
            </table>
    }
}

/// The first runs, at most so many, and the frame that those not told begin with, or 0.
fn runs(model: &Model, frames: &Frames, most: usize) -> (Vec<Run>, u32) {
    let mut runs: Vec<Run> = Vec::new();
    let mut frame = 0;
    while frame < frames.end() {
        if frame.is_multiple_of(GROUP) && frames.used(frame / GROUP) == 0 {
            frame += GROUP;
            continue;
        }
        if let Some((object, page)) = frames.holds(frame)
            && let Some(held) = model.pages.get(&(object, page))
        {
            let run = Run {
                frame,
                count: 1,
                object,
                page,
                down: false,
                look: PageLook::in_model(model, object, page),
                queue: held.state.queue,
            };
            let full = runs.len() == most;
            match runs.last_mut() {
                Some(last) if let Some(down) = follows(last, &run) => {
                    last.count += 1;
                    last.down = down;
                }
                _ if full => return (runs, frame),
                _ => runs.push(run),
            }
        }
        frame += 1;
    }
    (runs, 0)
}

/// Whether a frame goes on a run, and if it does, whether pages count down.
fn follows(last: &Run, run: &Run) -> Option<bool> {
    let page = |down: bool| {
        if down {
            last.page.0.checked_sub(last.count)
        } else {
            last.page.0.checked_add(last.count)
        }
    };
    let next = |down: &bool| {
        let may = last.count == 1 || last.down == *down;
        may && page(*down) == Some(run.page.0)
    };
    let alike = Run {
        frame: last.frame + last.count,
        page: run.page,
        count: 1,
        down: false,
        ..*last
    };
    [false, true]
        .into_iter()
        .find(next)
        .filter(|_| alike == *run)
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn a_run_goes_on_only_with_its_neighbour() {
        let run = Run {
            frame: 4,
            count: 3,
            object: ObjectId(1),
            page: PageIndex(10),
            down: false,
            look: PageLook::Dirty,
            queue: Queue::Active,
        };
        let next = Run {
            frame: 7,
            count: 1,
            page: PageIndex(13),
            ..run
        };
        assert_eq!(follows(&run, &next), Some(false));
        for other in [
            Run { frame: 8, ..next },
            Run {
                page: PageIndex(14),
                ..next
            },
            Run {
                page: PageIndex(7),
                ..next
            },
            Run {
                queue: Queue::Inactive,
                ..next
            },
        ] {
            assert_eq!(follows(&run, &other), None);
        }
        let down = Run { down: true, ..run };
        let next = Run {
            page: PageIndex(7),
            ..next
        };
        assert_eq!(follows(&down, &next), Some(true));
    }
}
