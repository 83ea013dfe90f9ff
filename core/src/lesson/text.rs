//! The text of lessons: paragraphs and lists with a little markup.
//!
//! `*emphasis*`, `` `code` ``, `[term]` (a word of the glossary), `[words](term)`; lines that begin with `- ` are a list.

/// A paragraph or a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A paragraph.
    Paragraph(Vec<Inline>),
    /// A list.
    List(Vec<Vec<Inline>>),
}

/// A piece of a paragraph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inline {
    /// Plain words.
    Plain(String),
    /// Stressed words.
    Strong(String),
    /// A command, a name of the kernel, a number as the machine has it.
    Code(String),
    /// Words that the glossary explains, and the entry that does: its anchor, as `radix-tree`.
    Term(String, String),
}
