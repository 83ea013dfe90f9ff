//! The stripe map of one of two machines, or its table.

use std::rc::Rc;

use swap_pager::units::{ObjectId, PageIndex};
use web_sys::HtmlCanvasElement;
use yew::prelude::*;

use super::play::Played;
use crate::view::canvas::{Viewport, pixel_ratio, pointer_at, prepare, use_size, use_theme};
use crate::view::disks::layout::{Layout, Shape};
use crate::view::disks::marks::Marks;
use crate::view::disks::paint::Painter;
use crate::view::disks::{runs, table};
use crate::view::format::{count, decimal, grouped, px};

/// Most room that a map takes.
const HEIGHT: f64 = 300.0;

/// A page of an object.
pub type Page = (ObjectId, PageIndex);

/// What a map is given.
#[derive(Clone, Properties)]
pub struct Props {
    /// The machines.
    pub played: Rc<Played>,
    /// Which of them.
    pub side: usize,
    /// After how many commands.
    pub moment: usize,
    /// Whether it is shown as a table.
    pub table: bool,
    /// The page that is pointed at, here or on the other side.
    pub pointed: Option<Page>,
    /// Told which page is pointed at.
    pub onpoint: Callback<Option<Page>>,
}

impl PartialEq for Props {
    fn eq(&self, other: &Props) -> bool {
        let key = |of: &Props| (of.side, of.moment, of.table, of.pointed);
        Rc::ptr_eq(&self.played, &other.played) && key(self) == key(other)
    }
}

/// A map.
#[component]
pub fn SideMap(props: &Props) -> Html {
    let Props {
        played,
        side,
        moment,
        ..
    } = props.clone();
    let node = use_node_ref();
    let canvas = use_node_ref();
    let (width, _) = use_size(&node);
    let theme = use_theme();
    let model = played.model(side);
    let (shape, rows) = {
        let slots = model.interleave.slots();
        let rows = runs::rows(&model).max(1);
        let shape = Shape {
            slots,
            columns: slots,
            stripes: rows * slots,
            stripe: model.interleave.stripe(),
            apart: true,
        };
        (shape, rows)
    };
    let pitch = Layout::fitting_pitch(rows, played.rows[side], HEIGHT);
    let layout = Layout::new(shape, width, pixel_ratio(), pitch);
    let whole = (HEIGHT / layout.pitch()).floor().max(1.0);
    let height = layout.height().min(whole * layout.pitch());
    {
        let (played, canvas) = (played.clone(), canvas.clone());
        let pointed = props.pointed;
        // Machines are told apart by where they lie: none is the same as one before it.
        let which = Rc::as_ptr(&played) as usize;
        let key = (which, moment, layout, pointed, props.table, theme.version());
        use_effect_with(key, move |_| {
            let canvas = canvas.cast::<HtmlCanvasElement>();
            if let Some(canvas) = canvas
                && let Some(palette) = theme.palette(&canvas)
                && let Some(context) = prepare(&canvas, width, height)
            {
                let model = played.model(side);
                let marks = Marks::of_page(&model, pointed);
                Painter {
                    context: &context,
                    palette: &palette,
                    model: &model,
                    summary: &played.summary(side),
                    layout: &layout,
                    view: Viewport {
                        width,
                        height,
                        ..Viewport::default()
                    },
                    marks: &marks,
                }
                .draw();
            }
        });
    }
    let onpointermove = {
        let (played, onpoint, node) = (played.clone(), props.onpoint.clone(), canvas.clone());
        Callback::from(move |event: PointerEvent| {
            let block = pointer_at(&event, &node).and_then(|(x, y)| layout.hit(x, y));
            let model = played.model(side);
            let page = block.and_then(|block| *model.owners.get(block.0 as usize)?);
            onpoint.emit(page);
        })
    };
    let onpointerleave = props.onpoint.reform(|_: PointerEvent| None);
    let disks = (0..).zip(&model.slots).map(|(column, device)| {
        let (x, w) = layout.column(column);
        let style = format!("left:{};width:{}", px(x), px(w));
        match device {
            Some(device) => html! {
                <div class="map-head" ~style={style} data-pages={device.pages.to_string()} data-used={device.used.to_string()}>
                    <b>{ device.id.to_string() }</b>
                    <span>{ grouped(device.used.max(0).unsigned_abs()) }<span class="of">{ format!(" of {}", grouped(device.pages)) }</span></span>
                </div>
            },
            None => html! { <div class="map-head vacant" ~style={style}>{ "empty" }</div> },
        }
    });
    let described = {
        let device = |device: &swap_pager::swap_space::Device| {
            let used = device.used.max(0).unsigned_abs();
            format!("{}: {} in use", device.id, count(used, "page"))
        };
        let devices: Vec<_> = model.slots.iter().flatten().map(device).collect();
        match devices.is_empty() {
            true => "Stripe map: no disk is on yet.".to_owned(),
            false => format!("Stripe map. {}.", devices.join("; ")),
        }
    };
    html! {
        <div ref={node} class="compare-map" data-side={side.to_string()}>
            if props.table {
                <div class="table-scroll" tabindex="0" role="region" aria-label={format!("{}: blocks in use, disk by disk", super::NAMES[side])}>
                    <table data-testid={format!("compare-table-{side}")}>
                        { table::head(table::BY_DISK) }
                        { table::bodies(&model, &played.summary(side), false, false) }
                    </table>
                </div>
            } else {
                <div class="map-heads">{ for disks }</div>
                <canvas ref={canvas} data-testid={format!("compare-canvas-{side}")} role="img" aria-label={described}
                    data-pitch={decimal(layout.pitch(), 3)} data-block={decimal(layout.block_width(), 3)}
                    ~style={format!("width:{};height:{}", px(width), px(height))} {onpointermove} {onpointerleave} />
                if height < layout.height() {
                    <p class="caption">{ format!("{} of {}; those below hold nothing.", count((height / layout.pitch()).round() as u64, "row"), grouped(rows)) }</p>
                }
            }
        </div>
    }
}
