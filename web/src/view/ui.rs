//! What a person has selected, opened and points at: the state of the page that is not the
//! machine's.

use std::rc::Rc;

use swap_pager::Model;
use swap_pager::command::PageRange;
use swap_pager::lesson::LessonError;
use swap_pager::units::{DeviceId, IoId, ObjectId, OpId, PageIndex, SlotId, SwapBlock};
use yew::{AttrValue, Reducible, UseReducerDispatcher};

use super::layout::Layout;
use super::parse;
use crate::lesson::Source;

/// Anything that can be pointed at or looked into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thing {
    /// A memory object, or the selected pages of it.
    Object(ObjectId),
    /// A page of an object.
    Page(ObjectId, PageIndex),
    /// A block of the swap space.
    Block(SwapBlock),
    /// The disk in a slot.
    Disk(SlotId),
    /// A node of the radix tree, by its place in the array of nodes. A leaf is a stripe.
    Node(u32),
    /// A metadata block: the object and the first page it is for.
    Swblock(ObjectId, PageIndex),
    /// A transfer in flight.
    Transfer(IoId),
    /// An operation under way.
    Op(OpId),
    /// An event, by its number.
    Event(u64),
}

/// Neighbouring pages of one object, from where the selection began to where it is now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Selection {
    /// The object.
    pub object: ObjectId,
    /// Where it began.
    pub anchor: PageIndex,
    /// Where it is now: the page that arrow keys move.
    pub head: PageIndex,
}

impl Selection {
    /// The pages.
    pub fn range(self) -> PageRange {
        let (first, last) = (self.anchor.min(self.head), self.anchor.max(self.head));
        PageRange {
            start: first,
            count: last.0 - first.0 + 1,
        }
    }
}

/// A dialog that is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialog {
    /// Switch a disk on.
    AddDisk,
    /// Make an object.
    NewObject,
    /// Write text into a page.
    WriteText,
    /// Whether to destroy an object.
    Destroy(ObjectId),
    /// Whether to clear all.
    ClearAll,
    /// Keys and legend.
    Help,
    /// Whether to go on from the moment that is shown.
    GoOnFromHere,
    /// How a disk behaves.
    Disk(DeviceId),
    /// What the machine is built with.
    Machine,
    /// The machine and another side by side: two that a preset has.
    Compare(usize),
    /// Where the disks are kept.
    Storage,
    /// The session as a link, and for pages of others.
    Share,
    /// The lessons there are.
    Learn,
    /// The keys of a presentation.
    Keys,
}

/// What the middle of the page shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum View {
    /// The stripe map: a column a disk, a row a stripe.
    #[default]
    Stripes,
    /// The swap space block by block.
    Linear,
    /// The radix tree that finds room.
    Tree,
    /// The hash of metadata blocks.
    Metadata,
    /// Buffers, transfers, and who waits for what.
    Buffers,
    /// Frames and page queues.
    Memory,
}

/// All views, in the order of their tabs: the name in test ids and links, the name on the tab.
pub const VIEWS: [(View, &str, &str); 6] = [
    (View::Stripes, "stripes", "Stripes"),
    (View::Linear, "linear", "Linear"),
    (View::Tree, "tree", "Radix tree"),
    (View::Metadata, "metadata", "Metadata"),
    (View::Buffers, "buffers", "Buffers"),
    (View::Memory, "memory", "Memory"),
];

/// The view of that name in test ids and links.
pub fn named(name: &str) -> Option<View> {
    let view = VIEWS.iter().find(|(_, id, _)| *id == name);
    view.map(|(view, ..)| *view)
}

/// What a narrow screen shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    /// The objects.
    #[default]
    Objects,
    /// The views of swap and memory.
    Views,
    /// The inspector.
    Inspector,
    /// The log.
    Log,
    /// The lesson that is open.
    Lesson,
}

/// A lesson file of somebody's own, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The file.
    pub source: Source,
    /// All that is wrong with it.
    pub wrong: Vec<LessonError>,
}

/// Where the demonstration is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caption {
    /// The step, from 1.
    pub step: usize,
    /// How many steps there are.
    pub steps: usize,
    /// What happens now.
    pub text: String,
}

/// The state of the page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ui {
    /// The selected pages.
    pub selection: Option<Selection>,
    /// What was typed to select pages, until others are selected in another way.
    pub typed: Option<AttrValue>,
    /// What the inspector shows.
    pub subject: Option<Thing>,
    /// What is pointed at.
    pub hover: Option<Thing>,
    /// The dialog that is open.
    pub dialog: Option<Dialog>,
    /// What a narrow screen shows.
    pub tab: Tab,
    /// Whether the start screen is done with.
    pub started: bool,
    /// What the middle shows.
    pub view: View,
    /// The views to choose from; none is all of them.
    pub offered: Vec<View>,
    /// Whether that is shown as a table.
    pub table: bool,
    /// How the stage is divided.
    pub layout: Layout,
    /// The demonstration's caption, while it runs.
    pub caption: Option<Caption>,
    /// The lesson file that can't be opened as it is.
    pub refused: Option<Rc<Refused>>,
    /// Whether it is shown to a room.
    pub presents: bool,
}

/// Something a person did to the page itself.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Selects a page, or with `extend` all from the anchor to it.
    SelectPage {
        /// The object.
        object: ObjectId,
        /// The page.
        page: PageIndex,
        /// Whether the anchor stays.
        extend: bool,
    },
    /// Selects pages of an object and looks at them as a whole.
    SelectRange(ObjectId, PageRange),
    /// Keeps what is typed for the pages of an object, and selects those if it says which.
    TypeRange {
        /// The object.
        object: ObjectId,
        /// Its size in pages.
        size: u32,
        /// What is typed.
        text: AttrValue,
    },
    /// Looks at a block; the page it holds is selected.
    SelectBlock(SwapBlock, Option<(ObjectId, PageIndex)>),
    /// Selects nothing.
    Deselect,
    /// Points at something, or at nothing.
    Hover(Option<Thing>),
    /// Opens a dialog.
    Open(Dialog),
    /// Closes the dialog.
    Close,
    /// Shows another tab.
    Show(Tab),
    /// Leaves the start screen.
    Start,
    /// Shows another view in the middle, and on a narrow screen goes there.
    View(View),
    /// Lets a person choose from these views; none is all of them.
    Offer(Vec<View>),
    /// Shows the view as a table, or as a picture again.
    ToggleTable,
    /// Looks at something: it is shown in the inspector.
    Look(Thing),
    /// Sets the demonstration's caption.
    Say(Option<Caption>),
    /// Divides the stage otherwise.
    Lay(Layout),
    /// Has the middle fill the page, or no longer.
    Fill(bool),
    /// A lesson file can't be opened as it is: the dialog of lessons says why.
    Refuse(Rc<Refused>),
    /// Shows it to a room, or no longer.
    Present(bool),
    /// All is cleared: as at the beginning.
    Reset,
}

/// How components tell what was done.
pub type Dispatch = UseReducerDispatcher<Ui>;

impl Ui {
    /// The views to choose from, as [`VIEWS`] has them.
    pub fn views(&self) -> Vec<(View, &'static str, &'static str)> {
        let offered = |view: &View| self.offered.is_empty() || self.offered.contains(view);
        let all = VIEWS.into_iter();
        all.filter(|(view, ..)| offered(view)).collect()
    }

    /// The state after an action.
    pub fn after(&self, action: Action) -> Ui {
        let mut ui = self.clone();
        match action {
            Action::SelectPage {
                object,
                page,
                extend,
            } => {
                let anchor = ui
                    .selection
                    .filter(|selection| extend && selection.object == object)
                    .map_or(page, |selection| selection.anchor);
                ui.selection = Some(Selection {
                    object,
                    anchor,
                    head: page,
                });
                ui.subject = Some(if anchor == page {
                    Thing::Page(object, page)
                } else {
                    Thing::Object(object)
                });
            }
            Action::SelectRange(object, range) => {
                let last = PageIndex(range.end().0.saturating_sub(1).max(range.start.0));
                ui.selection = Some(Selection {
                    object,
                    anchor: range.start,
                    head: last,
                });
                ui.subject = Some(if range.count == 1 {
                    Thing::Page(object, range.start)
                } else {
                    Thing::Object(object)
                });
            }
            Action::TypeRange { object, size, text } => {
                if let Ok(range) = parse::page_range(&text, size) {
                    ui = ui.after(Action::SelectRange(object, range));
                }
                ui.typed = Some(text);
                return ui;
            }
            Action::SelectBlock(block, page) => {
                ui.subject = Some(Thing::Block(block));
                if let Some((object, page)) = page {
                    ui.selection = Some(Selection {
                        object,
                        anchor: page,
                        head: page,
                    });
                }
            }
            Action::Deselect => {
                ui.selection = None;
                ui.subject = None;
            }
            Action::Hover(thing) => ui.hover = thing,
            Action::Open(dialog) => ui.dialog = Some(dialog),
            Action::Close => (ui.dialog, ui.refused) = (None, None),
            Action::Refuse(refused) => {
                (ui.dialog, ui.refused) = (Some(Dialog::Learn), Some(refused));
            }
            Action::Present(presents) => ui.presents = presents,
            Action::Show(tab) => ui.tab = tab,
            Action::Start => ui.started = true,
            Action::View(view) => {
                ui.view = view;
                ui.tab = Tab::Views;
            }
            Action::Offer(views) => {
                if let Some(first) = views.first().filter(|_| !views.contains(&ui.view)) {
                    ui.view = *first;
                }
                ui.offered = views;
            }
            Action::ToggleTable => ui.table = !ui.table,
            Action::Look(thing) => ui.subject = Some(thing),
            Action::Say(caption) => ui.caption = caption,
            Action::Lay(layout) => ui.layout = layout,
            Action::Fill(full) => ui.layout.full = full,
            Action::Reset => {
                ui = Ui {
                    layout: ui.layout,
                    offered: ui.offered,
                    presents: ui.presents,
                    ..Ui::default()
                };
            }
        }
        if ui.selection != self.selection {
            ui.typed = None;
        }
        ui
    }

    /// The same without what the machine no longer has.
    pub fn within(&self, model: &Model) -> Ui {
        let mut ui = self.clone();
        let lives = |object: ObjectId, page: PageIndex| {
            let object = model.objects.get(&object);
            object.is_some_and(|object| page.0 < object.size)
        };
        let there = |thing: &Thing| match *thing {
            Thing::Object(object) => model.objects.contains_key(&object),
            Thing::Page(object, page) => lives(object, page),
            Thing::Block(block) => (block.0 as usize) < model.owners.len(),
            Thing::Disk(slot) => (slot.0 as usize) < model.slots.len(),
            Thing::Node(index) => {
                let blist = model.blist.as_ref();
                blist.is_some_and(|blist| (index as usize) < blist.nodes.len())
            }
            Thing::Swblock(object, page) => lives(object, page),
            // What is over is still told of.
            Thing::Transfer(_) | Thing::Op(_) | Thing::Event(_) => true,
        };
        ui.selection = ui.selection.filter(|selection| {
            lives(selection.object, selection.anchor) && lives(selection.object, selection.head)
        });
        ui.subject = ui.subject.filter(there);
        ui.hover = ui.hover.filter(there);
        ui
    }
}

impl Reducible for Ui {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Ui> {
        Rc::new(self.after(action))
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    const HEAP: ObjectId = ObjectId(1);

    fn click(page: u32, extend: bool) -> Action {
        Action::SelectPage {
            object: HEAP,
            page: PageIndex(page),
            extend,
        }
    }

    fn selected(ui: &Ui) -> Option<(u32, u32)> {
        let range = ui.selection?.range();
        Some((range.start.0, range.count))
    }

    #[test]
    fn extending_keeps_the_anchor_in_both_directions() {
        let ui = Ui::default().after(click(10, false));
        assert_eq!(selected(&ui), Some((10, 1)));
        assert_eq!(ui.subject, Some(Thing::Page(HEAP, PageIndex(10))));
        let down = ui.after(click(14, true));
        assert_eq!(selected(&down), Some((10, 5)));
        assert_eq!(down.subject, Some(Thing::Object(HEAP)));
        assert_eq!(selected(&down.after(click(8, true))), Some((8, 3)));
    }

    fn type_range(text: &str) -> Action {
        Action::TypeRange {
            object: HEAP,
            size: 16,
            text: text.to_owned().into(),
        }
    }

    #[test]
    fn what_is_typed_stays_until_other_pages_are_selected() {
        let ui = Ui::default().after(type_range("3..9"));
        assert_eq!(selected(&ui), Some((3, 7)));
        // What can't be selected is kept as it is, and selects nothing else.
        let wrong = ui.after(type_range("3..90"));
        assert_eq!(selected(&wrong), Some((3, 7)));
        assert_eq!(wrong.typed.as_deref(), Some("3..90"));
        let looked = wrong.after(Action::Look(Thing::Object(HEAP)));
        assert_eq!(looked.typed.as_deref(), Some("3..90"));
        assert_eq!(looked.after(click(5, false)).typed, None);
    }

    #[test]
    fn extending_into_another_object_starts_anew() {
        let ui = Ui::default().after(click(10, false));
        let other = ui.after(Action::SelectPage {
            object: ObjectId(2),
            page: PageIndex(3),
            extend: true,
        });
        assert_eq!(selected(&other), Some((3, 1)));
    }

    #[test]
    fn a_block_brings_its_page_along() {
        let page = Some((HEAP, PageIndex(60)));
        let ui = Ui::default().after(Action::SelectBlock(SwapBlock(332), page));
        assert_eq!(ui.subject, Some(Thing::Block(SwapBlock(332))));
        assert_eq!(selected(&ui), Some((60, 1)));
    }
}
