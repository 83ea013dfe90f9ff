//! Result codes: what somebody answered, to be checked without a network.
//!
//! The seed of a lesson comes from the name that its reader gives, so each has numbers of his own, and a code is of that name,
//! that lesson and those answers. Whoever has the lesson can play it again with that name and see which of the answers are right.
//! It keeps nobody from cheating who reads the program; it does keep codes from being passed on.
//!
//! A code is a row of five bits a character: the version (5 bits), what the lesson is called (10), its text (15), the name (10 for its
//! length in bytes, then those, then zeros up to the next character), how often the lesson was begun (5) and the challenge (5), the
//! answers, zeros up to the next character, and a checksum of all that (20). A question that is answered by a number takes a bit,
//! and five for every four of the number, lowest first; one that is answered by a word takes as many as its words, and none, need.
//! What became of the challenge takes two. All from the counts to the challenge is veiled by numbers that come of the name.
//!
//! Codes of version 1 have 20 bits of the seed in place of the name, and no counts. They are still read.

mod bits;

use super::measure::{Answer, Kind};
use super::{Lesson, Question};
use crate::random::of_text;
use bits::{Bits, low};

/// The version of the codes that are written here, and the one before.
const VERSION: u64 = 2;
const WITHOUT_NAME: u64 = 1;
const VERSION_BITS: u32 = 5;
const LESSON_BITS: u32 = 10;
const TEXT_BITS: u32 = 15;
const SEED_BITS: u32 = 20;
const LENGTH_BITS: u32 = 10;
const COUNT_BITS: u32 = 5;
const CHECK_BITS: u32 = 20;

/// Bits of what stands before the name, which is a whole number of characters.
const HEAD_BITS: u32 = VERSION_BITS + LESSON_BITS + TEXT_BITS;

/// Most that a code can count to.
const MOST: u32 = (1 << COUNT_BITS) - 1;

/// Most bytes that a name has.
const LONGEST_NAME: usize = (1 << LENGTH_BITS) - 1;

/// Crockford's: no I, L, O and U.
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Characters that stand together.
const GROUP: usize = 4;

/// The seed that comes of a name: capitals and spaces make no difference. Who gives none has 0.
pub fn seed(name: &str) -> u64 {
    match normalized(name).as_str() {
        "" => 0,
        name => of_text(name),
    }
}

/// A name without spaces and capitals.
fn normalized(name: &str) -> String {
    let letters = name.chars().filter(|c| !c.is_whitespace());
    letters.map(small).collect()
}

/// The small letter of a capital of the alphabets of Europe. The tables for all that there are would be 10 KB of
/// the page's program.
fn small(c: char) -> char {
    let code = u32::from(c);
    let small = match c {
        'A'..='Z' | 'À'..='Ö' | 'Ø'..='Þ' | 'Α'..='Ρ' | 'Σ'..='Ϋ' | 'А'..='Я' => {
            code + 32
        }
        'Ѐ'..='Џ' => code + 80,
        // A capital and its small letter follow each other.
        '\u{100}'..='\u{137}' | '\u{14a}'..='\u{177}' => code | 1,
        '\u{139}'..='\u{148}' | '\u{179}'..='\u{17e}' => code + code % 2,
        _ => code,
    };
    char::from_u32(small).unwrap_or(c)
}

/// What somebody did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Results {
    /// The answers given first, one a question, none to those that were passed over.
    pub answers: Vec<Option<Answer>>,
    /// Whether the challenge was met; none if there is none.
    pub challenge: Option<bool>,
    /// How often the lesson was begun, and the challenge, up to 31; none in a code of version 1, which doesn't say.
    pub begun: Option<Begun>,
}

/// How often something was begun.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Begun {
    /// The lesson.
    pub lesson: u32,
    /// The challenge.
    pub challenge: u32,
}

/// The code: groups of letters and digits that are hard to mistake. An answer that the question can't have counts as
/// none.
pub fn write(lesson: &Lesson, name: &str, results: &Results) -> String {
    let mut answers = Bits::default();
    let begun = results.begun.unwrap_or_default();
    for count in [begun.lesson, begun.challenge] {
        answers.put(count.min(MOST).into(), COUNT_BITS);
    }
    for (i, question) in lesson.questions().enumerate() {
        let answer = results.answers.get(i).and_then(Option::as_ref);
        put_answer(&mut answers, question, answer);
    }
    let challenge = results.challenge.map_or(0, |met| 1 + u64::from(met));
    answers.put(challenge, 2);
    answers.fill();
    answers.veil(veil(lesson, name));
    let mut bits = Bits::default();
    bits.put(VERSION, VERSION_BITS);
    bits.put(of_text(&lesson.id), LESSON_BITS);
    bits.put(u64::from(lesson.digest), TEXT_BITS);
    let name = name.trim();
    let name = &name[..name.floor_char_boundary(LONGEST_NAME)];
    bits.put(name.len() as u64, LENGTH_BITS);
    for byte in name.bytes() {
        bits.put(byte.into(), 8);
    }
    bits.fill();
    bits.bits.extend(answers.bits);
    let check = bits.check();
    bits.put(check, CHECK_BITS);
    let mut code = String::new();
    for (i, digit) in bits.digits().into_iter().enumerate() {
        if i > 0 && i % GROUP == 0 {
            code.push('-');
        }
        code.push(char::from(DIGITS[usize::from(digit)]));
    }
    code
}

/// The name that a code carries; none if it is of version 1, which has only a trace of it.
///
/// # Errors
/// Why it is no code, as a sentence.
pub fn name(code: &str) -> Result<Option<String>, String> {
    let mut bits = whole(code)?;
    match bits.take(VERSION_BITS) {
        Some(VERSION) => {
            bits.at = HEAD_BITS as usize;
            take_name(&mut bits).map(Some).ok_or_else(newer)
        }
        Some(WITHOUT_NAME) => Ok(None),
        _ => Err(newer()),
    }
}

/// What a code says.
///
/// # Errors
/// Why it can't be of this lesson and name, as a sentence.
pub fn read(lesson: &Lesson, name: &str, code: &str) -> Result<Results, String> {
    let mut bits = whole(code)?;
    let is = |found: Option<u64>, expected: u64, bits: u32| found == Some(low(expected, bits));
    let version = bits.take(VERSION_BITS);
    let has_name = match version {
        Some(VERSION) => true,
        Some(WITHOUT_NAME) => false,
        _ => return Err(newer()),
    };
    if !is(bits.take(LESSON_BITS), of_text(&lesson.id), LESSON_BITS) {
        return Err(format!(
            "The code is of another lesson than \"{}\".",
            lesson.title
        ));
    }
    if !is(bits.take(TEXT_BITS), u64::from(lesson.digest), TEXT_BITS) {
        return Err("The text of the lesson has changed since the code was made: take the lesson as it was \
                    then."
            .to_owned());
    }
    let is_of_name = match has_name {
        true => seed(&take_name(&mut bits).ok_or_else(newer)?) == seed(name),
        false => is(bits.take(SEED_BITS), seed(name), SEED_BITS),
    };
    if !is_of_name {
        return Err(format!(
            "The code was made for another name than \"{}\".",
            name.trim()
        ));
    }
    let mut answers = Bits {
        bits: bits.bits.split_off(bits.at),
        at: 0,
    };
    answers.veil(veil(lesson, name));
    let mut count = || Some(answers.take(COUNT_BITS)? as u32);
    let begun = match has_name {
        true => Some(Begun {
            lesson: count().ok_or_else(newer)?,
            challenge: count().ok_or_else(newer)?,
        }),
        false => None,
    };
    let mut found = Vec::new();
    for question in lesson.questions() {
        found.push(take_answer(&mut answers, question).ok_or_else(newer)?);
    }
    let challenge = match answers.take(2) {
        Some(0) => None,
        Some(1) => Some(false),
        Some(2) => Some(true),
        _ => return Err(newer()),
    };
    let rest = &answers.bits[answers.at..];
    if rest.len() >= 5 || rest.contains(&true) {
        return Err(newer());
    }
    Ok(Results {
        answers: found,
        challenge,
        begun,
    })
}

fn newer() -> String {
    "Another version of the program made this code.".to_owned()
}

fn veil(lesson: &Lesson, name: &str) -> u64 {
    seed(name) ^ u64::from(lesson.digest)
}

/// All of a code but its checksum, which is right.
fn whole(code: &str) -> Result<Bits, String> {
    let mut bits = Bits::default();
    for c in code.chars() {
        if c.is_whitespace() || matches!(c, '-' | '–' | '—' | '_' | '.') {
            continue;
        }
        let meant = match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            'U' => 'V',
            c => c,
        };
        let digit = DIGITS.iter().position(|digit| char::from(*digit) == meant);
        let digit = digit.ok_or_else(|| format!("No code has `{c}` in it: look for a slip."))?;
        bits.put(digit as u64, 5);
    }
    let body = bits.bits.len().checked_sub(CHECK_BITS as usize);
    let body = body.filter(|body| *body > (HEAD_BITS + LENGTH_BITS) as usize);
    let body = body.ok_or("The code is too short: some of it is missing.")?;
    let mut check = Bits {
        bits: bits.bits.split_off(body),
        at: 0,
    };
    match check.take(CHECK_BITS) == Some(bits.check()) {
        true => Ok(bits),
        false => Err(
            "There is a slip in the code: a character is wrong, missing or one too many."
                .to_owned(),
        ),
    }
}

/// The name, which comes next; nothing if it is none.
fn take_name(bits: &mut Bits) -> Option<String> {
    let length = bits.take(LENGTH_BITS)?;
    let mut bytes = Vec::new();
    for _ in 0..length {
        bytes.push(bits.take(8)? as u8);
    }
    bits.at = bits.at.next_multiple_of(5);
    String::from_utf8(bytes).ok()
}

/// The words that an answer is one of, if it is a word or to be chosen.
fn words(question: &Question) -> Option<Vec<String>> {
    match (&question.choices[..], question.kind()) {
        ([], Kind::Words(words)) => Some(words),
        ([], _) => None,
        (choices, _) => Some(choices.to_vec()),
    }
}

/// Bits that tell apart so many words and none.
fn width(words: &[String]) -> u32 {
    (words.len() + 1).next_power_of_two().trailing_zeros()
}

fn put_answer(bits: &mut Bits, question: &Question, answer: Option<&Answer>) {
    if let Some(words) = words(question) {
        let text = answer.map(Answer::to_string);
        let place = words.iter().position(|word| Some(word) == text.as_ref());
        bits.put(place.map_or(0, |place| place as u64 + 1), width(&words));
        return;
    }
    let number = match answer {
        Some(Answer::Number(number)) => Some(*number),
        Some(Answer::Word(word)) => word
            .strip_prefix("disk ")
            .and_then(|disk| disk.parse().ok()),
        None => None,
    };
    bits.put(u64::from(number.is_some()), 1);
    let Some(mut number) = number else {
        return;
    };
    loop {
        bits.put(number & 15, 4);
        number >>= 4;
        bits.put(u64::from(number > 0), 1);
        if number == 0 {
            return;
        }
    }
}

/// The answer, or that there is none; nothing if that is no answer.
fn take_answer(bits: &mut Bits, question: &Question) -> Option<Option<Answer>> {
    if let Some(words) = words(question) {
        let place = bits.take(width(&words))?;
        let Some(place) = place.checked_sub(1) else {
            return Some(None);
        };
        return question.parse(words.get(place as usize)?).ok().map(Some);
    }
    if bits.take(1)? == 0 {
        return Some(None);
    }
    let (mut number, mut shift) = (0u64, 0);
    loop {
        if shift >= 64 {
            return None;
        }
        number |= bits.take(4)? << shift;
        shift += 4;
        if bits.take(1)? == 0 {
            break;
        }
    }
    Some(Some(match question.kind() {
        Kind::Disk => Answer::Word(format!("disk {number}")),
        _ => Answer::Number(number),
    }))
}

#[cfg(test)]
#[path = "code_tests.rs"]
mod tests;
