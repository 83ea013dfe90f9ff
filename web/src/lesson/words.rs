//! How answers are asked for, and where the eye is drawn.

use swap_pager::Model;
use swap_pager::lesson::measure::Kind;
use swap_pager::lesson::{Focus, Question};
use swap_pager::units::{ObjectId, PageIndex, SlotId, SwapBlock};

use crate::view::machine::interleave;
use crate::view::ui::Thing;

/// How a question is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Control {
    /// By a number of these.
    Number(&'static str),
    /// By a block: its number, or pointing at it.
    Block,
    /// By one of these words; a disk can be pointed at.
    Choice(Vec<String>),
}

/// How a question is answered on a machine.
pub fn control(question: &Question, model: &Model) -> Control {
    if !question.choices.is_empty() {
        return Control::Choice(question.choices.clone());
    }
    match question.kind() {
        Kind::Number(of) => Control::Number(of),
        Kind::Block => Control::Block,
        Kind::Words(words) => Control::Choice(words),
        Kind::Disk => {
            let disks = model.slots.iter().flatten();
            Control::Choice(disks.map(|device| device.id.to_string()).collect())
        }
    }
}

/// What of a question's control a thing is that was pointed at, as it would be typed.
pub fn picked(control: &Control, model: &Model, thing: Thing) -> Option<String> {
    let block = match thing {
        Thing::Block(block) => Some(block),
        Thing::Page(object, page) => model.swap.get(&(object, page)).copied(),
        _ => None,
    };
    match control {
        Control::Number(_) => None,
        Control::Block => block.map(|block| block.0.to_string()),
        Control::Choice(words) => {
            let slot = match (thing, block) {
                (Thing::Disk(slot), _) => slot,
                (_, Some(block)) => interleave(model).locate(block).0,
                _ => return None,
            };
            let device = model.slots.get(slot.0 as usize).copied().flatten()?;
            let word = device.id.to_string();
            words.contains(&word).then_some(word)
        }
    }
}

/// The object of that name.
pub fn object(model: &Model, name: &str) -> Option<ObjectId> {
    let mut objects = model.objects.keys().copied();
    objects.find(|&object| model.name(object) == Some(name))
}

/// What the eye is drawn to, if the machine has it.
pub fn thing(focus: &Focus, model: &Model) -> Option<Thing> {
    match focus {
        Focus::Panel(_) => None,
        Focus::Object(name) => object(model, name).map(Thing::Object),
        Focus::Page(name, page) => Some(Thing::Page(object(model, name)?, PageIndex(*page))),
        Focus::Block(block) => Some(Thing::Block(SwapBlock(*block))),
        Focus::BlockOf(name, page) => {
            let key = (object(model, name)?, PageIndex(*page));
            model.swap.get(&key).copied().map(Thing::Block)
        }
        Focus::Disk(disk) => {
            let mut slots = model.slots.iter();
            let slot = slots.position(|slot| slot.is_some_and(|slot| slot.id.0 == *disk))?;
            Some(Thing::Disk(SlotId(slot as u32)))
        }
    }
}

/// The part of the stage that a focus lies in: `objects`, `views`, `inspector`, `log` or `bottom`.
pub fn part(focus: &Focus) -> &'static str {
    match focus {
        Focus::Object(_) | Focus::Page(..) => "objects",
        Focus::Block(_) | Focus::BlockOf(..) | Focus::Disk(_) => "views",
        Focus::Panel(name) => match name.as_str() {
            "objects" => "objects",
            "inspector" => "inspector",
            "log" => "log",
            "timeline" => "bottom",
            _ => "views",
        },
    }
}

/// A focus in words, for those who can't see where the eye is drawn.
pub fn attention(focus: &Focus) -> String {
    match focus {
        Focus::Panel(name) => format!("Look at: {name}."),
        Focus::Object(name) => format!("Look at the object {name}."),
        Focus::Page(name, page) => format!("Look at page {page} of {name}."),
        Focus::Block(block) => format!("Look at block {block} of the swap space."),
        Focus::BlockOf(name, page) => format!("Look at the swap block of page {page} of {name}."),
        Focus::Disk(disk) => format!("Look at disk {disk}."),
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;
    use crate::view::test_machine::machine;

    #[test]
    fn what_is_pointed_at_is_an_answer_where_it_can_be_one() {
        let model = machine();
        let block = Thing::Block(SwapBlock(132));
        assert_eq!(picked(&Control::Block, &model, block), Some("132".into()));
        assert_eq!(picked(&Control::Number("pages"), &model, block), None);
        let disks = Control::Choice(vec!["disk 0".into()]);
        let column = Thing::Disk(SlotId(0));
        assert_eq!(picked(&disks, &model, column), Some("disk 0".into()));
        let others = Control::Choice(vec!["yes".into()]);
        assert_eq!(picked(&others, &model, column), None);
    }
}
