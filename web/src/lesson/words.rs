//! How answers are asked for, typed and told.

use swap_pager::Model;
use swap_pager::lesson::measure::{Answer, Kind};
use swap_pager::lesson::{Asked, Focus, Question, Step};
use swap_pager::units::{ObjectId, PageIndex, SlotId, SwapBlock};

use super::Given;
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
    match &question.answer {
        Asked::Holds(_) => Control::Choice(vec!["yes".into(), "no".into()]),
        Asked::Measure(measure) => match measure.kind() {
            Kind::Number(of) => Control::Number(of),
            Kind::Block => Control::Block,
            Kind::Words(words) => Control::Choice(words),
            Kind::Disk => {
                let disks = model.slots.iter().flatten();
                Control::Choice(disks.map(|device| device.id.to_string()).collect())
            }
        },
    }
}

/// Whether what a step asks for is a block.
pub fn is_block(step: &Step) -> bool {
    let asked = step.ask.as_ref().map(|question| &question.answer);
    matches!(asked, Some(Asked::Measure(measure)) if measure.kind() == Kind::Block)
}

/// What somebody typed or chose.
///
/// # Errors
/// What is to be done instead.
pub fn read(control: &Control, text: &str) -> Result<Answer, &'static str> {
    let text = text.trim();
    match control {
        Control::Choice(words) if words.iter().any(|word| word == text) => {
            Ok(Answer::Word(text.to_owned()))
        }
        Control::Choice(_) => Err("Choose one of them first."),
        Control::Number(_) | Control::Block => {
            let digits: String = text.chars().filter(|c| !matches!(c, ' ' | ',' | '\u{202f}')).collect();
            let number = digits.parse().map(Answer::Number);
            number.map_err(|_| "Type a whole number first, such as 12.")
        }
    }
}

/// An answer in words.
pub fn told(answer: &Answer) -> String {
    match answer {
        Answer::Number(number) => number.to_string(),
        Answer::Word(word) => word.clone(),
    }
}

/// A text with the answers in it.
pub fn filled(text: &str, given: Option<&Given>) -> String {
    let Some(given) = given.filter(|_| text.contains('{')) else {
        return text.to_owned();
    };
    let right = given.right.as_ref().map_or("unknown".to_owned(), told);
    let mine = given.answer.as_ref().map_or("nothing".to_owned(), told);
    text.replace("{answer}", &right).replace("{given}", &mine)
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
    fn answers_are_read_as_people_type_them() {
        let number = |text| read(&Control::Number("pages"), text);
        assert_eq!(number(" 12 "), Ok(Answer::Number(12)));
        assert_eq!(number("1 024"), Ok(Answer::Number(1024)));
        assert_eq!(number("1,024"), Ok(Answer::Number(1024)));
        for wrong in ["", "-1", "a lot", "1.5"] {
            assert!(number(wrong).is_err(), "{wrong}");
        }
        let choice = Control::Choice(vec!["yes".into(), "no".into()]);
        assert_eq!(read(&choice, "no"), Ok(Answer::Word("no".into())));
        assert!(read(&choice, "").is_err() && read(&choice, "maybe").is_err());
    }

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

    #[test]
    fn texts_have_the_answers_filled_in() {
        let given = Given {
            answer: None,
            right: Ok(Answer::Number(7)),
            correct: false,
        };
        let text = "It is {answer}, not {given}.";
        assert_eq!(filled(text, Some(&given)), "It is 7, not nothing.");
        assert_eq!(filled(text, None), text);
    }
}
