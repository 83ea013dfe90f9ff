//! Comparisons.

use std::fmt;

use super::{Answer, Kind, Measure, parse_answer};
use crate::session::Player;

/// `MEASURE = NUMBER`, or with `<`, `<=`, `>`, `>=`, `!=`, or a word for those that are words.
#[derive(Clone, Debug, PartialEq)]
pub struct Goal {
    measure: Measure,
    is: Is,
    than: Answer,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Is {
    Equal,
    Other,
    Less,
    AtMost,
    More,
    AtLeast,
}

/// The longer ones first: `<` begins `<=`.
const SIGNS: [(&str, Is); 10] = [
    ("<=", Is::AtMost),
    (">=", Is::AtLeast),
    ("!=", Is::Other),
    ("==", Is::Equal),
    ("≤", Is::AtMost),
    ("≥", Is::AtLeast),
    ("≠", Is::Other),
    ("=", Is::Equal),
    ("<", Is::Less),
    (">", Is::More),
];

impl Goal {
    /// Whether a text compares something: else it is a measure alone.
    pub fn is_one(text: &str) -> bool {
        split(text).is_some()
    }

    /// # Errors
    /// What is wrong with it.
    pub fn read(text: &str) -> Result<Goal, String> {
        let (measure, is, than) = split(text).ok_or_else(|| {
            format!(
                "`{}` compares nothing: write it as in `free < 128`.",
                text.trim()
            )
        })?;
        let measure = Measure::read(measure)?;
        let kind = measure.kind();
        let of_order = matches!(is, Is::Less | Is::AtMost | Is::More | Is::AtLeast);
        if of_order && matches!(kind, Kind::Words(_) | Kind::Disk) {
            return Err(format!(
                "`{}` compares words, which are only the same (=) or not (!=).",
                text.trim()
            ));
        }
        let than = parse_answer(&kind, than)?;
        Ok(Goal { measure, is, than })
    }

    /// What is compared.
    pub fn measure(&self) -> &Measure {
        &self.measure
    }

    /// Whether it holds, and what the measure comes to.
    ///
    /// # Errors
    /// Why there is nothing to measure.
    pub fn holds(&self, player: &Player) -> Result<(bool, Answer), String> {
        let found = self.measure.of(player)?;
        let holds = match self.is {
            Is::Equal => found == self.than,
            Is::Other => found != self.than,
            Is::Less => found < self.than,
            Is::AtMost => found <= self.than,
            Is::More => found > self.than,
            Is::AtLeast => found >= self.than,
        };
        Ok((holds, found))
    }
}

/// In words: `writes: at most 40`.
impl fmt::Display for Goal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let how = match self.is {
            Is::Equal => "",
            Is::Other => "not ",
            Is::Less => "fewer than ",
            Is::AtMost => "at most ",
            Is::More => "more than ",
            Is::AtLeast => "at least ",
        };
        write!(f, "{}: {how}{}", self.measure, self.than)
    }
}

fn split(text: &str) -> Option<(&str, Is, &str)> {
    let at = text.find(['<', '>', '=', '!', '≤', '≥', '≠'])?;
    let (measure, rest) = text.split_at(at);
    let (sign, is) = SIGNS.iter().find(|(sign, _)| rest.starts_with(sign))?;
    Some((measure, *is, &rest[sign.len()..]))
}
