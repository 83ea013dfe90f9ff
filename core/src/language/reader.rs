//! The words of a text, one after the other, and what could stand where the reader is.

use std::ops::Range;

use super::error::{Expected, Problem, SyntaxError};

/// Errors are boxed on their way up: each `?` would move many words otherwise.
pub(super) type Fallible<T> = Result<T, Box<SyntaxError>>;

/// A place in a text.
pub(super) struct Reader<'a> {
    text: &'a str,
    pos: usize,
    /// What was looked for since the last word that was taken. Errors and completions are made
    /// of it.
    wanted: Vec<Expected>,
}

impl<'a> Reader<'a> {
    pub fn new(text: &'a str) -> Self {
        Reader {
            text,
            pos: 0,
            wanted: Vec::new(),
        }
    }

    /// What can come at the end of the text, if the reader got that far.
    pub fn wanted_at_end(self) -> Vec<Expected> {
        if self.rest().is_empty() {
            self.wanted
        } else {
            Vec::new()
        }
    }

    /// Notes what is looked for next.
    #[inline(never)]
    pub fn want(&mut self, expected: Expected) {
        self.wanted.push(expected);
    }

    /// The text from the next word on.
    #[inline(never)]
    pub fn rest(&self) -> &'a str {
        self.text[self.pos..].trim_start_matches(is_gap)
    }

    /// Where the next word begins.
    pub fn start(&self) -> usize {
        self.text.len() - self.rest().len()
    }

    /// From a word that was taken to the last one that was.
    pub fn since(&self, start: usize) -> Range<usize> {
        start..self.pos
    }

    /// Bytes of the text.
    pub fn slice(&self, span: Range<usize>) -> &'a str {
        &self.text[span]
    }

    /// Takes so many bytes, from where the next word begins.
    #[inline(never)]
    pub fn advance(&mut self, bytes: usize) {
        self.pos = self.start() + bytes;
        self.wanted.clear();
    }

    /// The next word, which is not taken; empty at the end and before quotes.
    #[inline(never)]
    pub fn peek(&self) -> &'a str {
        let start = self.start();
        &self.text[start..word_end(self.text, start)]
    }

    /// Takes a word if it comes next, without noting that it was looked for.
    #[inline(never)]
    pub fn accept(&mut self, word: &str) -> bool {
        let next = self.peek();
        let found = next.eq_ignore_ascii_case(word);
        if found {
            self.advance(next.len());
        }
        found
    }

    /// Takes a word if it comes next.
    pub fn keyword(&mut self, word: &'static str) -> bool {
        self.want(Expected::Word(word));
        self.accept(word)
    }

    /// A whole number.
    #[inline(never)]
    pub fn number(&mut self, expected: Expected) -> Fallible<u32> {
        self.want(expected);
        let word = self.peek();
        let Some(number) = whole(word) else {
            return Err(self.unfit());
        };
        self.advance(word.len());
        self.counted(number, self.pos - word.len()..self.pos)
    }

    /// A number that fits, or the error that it does not.
    pub fn counted(&self, number: u64, span: Range<usize>) -> Fallible<u32> {
        let fits = u32::try_from(number);
        fits.map_err(|_| {
            let word = self.text[span.clone()].to_owned();
            error(span, Problem::TooLarge { word })
        })
    }

    /// Digits that come next, whatever follows them.
    pub fn digits(&mut self) -> Option<u64> {
        let rest = self.rest();
        let mut end = 0;
        for (i, c) in rest.char_indices() {
            if c.is_ascii_digit() {
                end = i + 1;
            } else if i == 0 || i != end || !is_group_mark(c) {
                break;
            }
        }
        let number = whole(&rest[..end])?;
        self.advance(end);
        Some(number)
    }

    /// What stands between the quotes that come next, if they do.
    #[inline(never)]
    pub fn quoted(&mut self) -> Fallible<Option<String>> {
        let rest = self.rest();
        let Some(close) = closing_quote(rest) else {
            return Ok(None);
        };
        let start = self.start();
        let mut text = String::new();
        let mut chars = rest.char_indices().skip(1);
        while let Some((i, c)) = chars.next() {
            if c == close {
                self.advance(i + c.len_utf8());
                return Ok(Some(text));
            }
            if c != '\\' {
                text.push(c);
                continue;
            }
            let Some((to, c)) = chars.next() else {
                break;
            };
            let end = start + to + c.len_utf8();
            text.push(match c {
                '"' | '\\' | '“' | '”' => c,
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'u' => {
                    let code = self.text[end..].strip_prefix('{').and_then(code_point);
                    let Some((c, length)) = code else {
                        return Err(error(start + i..end, Problem::Escape));
                    };
                    // The digits and both braces.
                    for _ in 0..length + 2 {
                        chars.next();
                    }
                    c
                }
                _ => return Err(error(start + i..end, Problem::Escape)),
            });
        }
        Err(error(start..self.text.len(), Problem::Unclosed))
    }

    /// What follows the last word that was taken without a space.
    pub fn attached(&self) -> Range<usize> {
        self.pos..word_end(self.text, self.pos)
    }

    /// That the text ends here.
    pub fn end(&mut self) -> Fallible<()> {
        self.want(Expected::Nothing);
        match self.rest() {
            "" => Ok(()),
            _ => Err(self.unfit()),
        }
    }

    /// That what comes next is not what was looked for.
    #[cold]
    pub fn unfit(&self) -> Box<SyntaxError> {
        let expected = self.wanted.clone();
        if self.rest().is_empty() {
            let end = self.text.len();
            return error(end..end, Problem::Missing { expected });
        }
        let start = self.start();
        let span = start..token_end(self.text, start);
        let word = self.text[span.clone()].to_owned();
        error(span, Problem::Unexpected { word, expected })
    }
}

/// An error, on its way up.
#[cold]
#[inline(never)]
pub(super) fn error(span: Range<usize>, problem: Problem) -> Box<SyntaxError> {
    Box::new(SyntaxError { span, problem })
}

/// The value of a word of digits, grouped or not; `u64::MAX` if it is larger.
#[inline(never)]
pub(super) fn whole(word: &str) -> Option<u64> {
    let mut number = None;
    for c in word.chars() {
        match c.to_digit(10) {
            Some(digit) => {
                let before = number.unwrap_or(0u64);
                number = Some(before.saturating_mul(10).saturating_add(digit.into()));
            }
            None if number.is_some() && is_group_mark(c) => {}
            None => return None,
        }
    }
    number.filter(|_| word.ends_with(|c: char| c.is_ascii_digit()))
}

/// The character that hexadecimal digits before a closing brace stand for, and their number.
fn code_point(text: &str) -> Option<(char, usize)> {
    let digits = &text[..text.find('}')?];
    let is_hex = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let code = u32::from_str_radix(digits, 16).ok().filter(|_| is_hex)?;
    Some((char::from_u32(code)?, digits.len()))
}

/// What ends the quotes that the text begins with, if it begins with any.
pub(super) fn closing_quote(text: &str) -> Option<char> {
    match text.chars().next()? {
        '"' => Some('"'),
        '“' => Some('”'),
        _ => None,
    }
}

/// Whether a character only separates words.
pub(super) fn is_gap(c: char) -> bool {
    c.is_whitespace() || matches!(c, ',' | ':' | '=')
}

/// What may stand between digits: underscores and spaces at which lines don't break.
fn is_group_mark(c: char) -> bool {
    matches!(c, '_' | '\u{a0}' | '\u{2009}' | '\u{202f}')
}

/// The end of the word at a place: quotes end it too.
#[inline(never)]
fn word_end(text: &str, pos: usize) -> usize {
    let mut chars = text[pos..].char_indices().peekable();
    let mut after_digit = false;
    while let Some((i, c)) = chars.next() {
        let next = chars.peek().map(|(_, c)| *c);
        let groups = after_digit && is_group_mark(c) && next.is_some_and(|c| c.is_ascii_digit());
        if matches!(c, '"' | '“') || (is_gap(c) && !groups) {
            return pos + i;
        }
        after_digit = c.is_ascii_digit();
    }
    text.len()
}

/// The end of the word or the quotes at a place.
#[inline(never)]
pub(super) fn token_end(text: &str, pos: usize) -> usize {
    let Some(close) = closing_quote(&text[pos..]) else {
        return word_end(text, pos);
    };
    let mut escaped = false;
    for (i, c) in text[pos..].char_indices().skip(1) {
        if c == close && !escaped {
            return pos + i + c.len_utf8();
        }
        escaped = c == '\\' && !escaped;
    }
    text.len()
}

/// Where the word begins that reaches to the end of a text; its end if none does.
pub(super) fn last_token(text: &str) -> usize {
    let mut pos = 0;
    loop {
        pos = text.len() - text[pos..].trim_start_matches(is_gap).len();
        let end = token_end(text, pos);
        if end == text.len() {
            return pos;
        }
        pos = end;
    }
}

/// A text without the spaces around it and without its comment, which begins with a `#` where a word
/// could begin. In quotes and inside words a `#` is a character like any other.
pub(crate) fn without_comment(text: &str) -> &str {
    let mut pos = 0;
    loop {
        let rest = text[pos..].trim_start_matches(is_gap);
        pos = text.len() - rest.len();
        if rest.is_empty() || rest.starts_with('#') {
            return text[..pos].trim();
        }
        pos = token_end(text, pos);
    }
}
