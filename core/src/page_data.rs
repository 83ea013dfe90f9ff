//! The contents of a page: told in a few words where that is possible, else bytes that are shared.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use crate::command::Pattern;
use crate::units::{ObjectId, PAGE_SIZE, PageIndex};

/// What is in the 4,096 bytes of a page.
///
/// Most pages are zeros or were filled with a [`Pattern`]. Those are held as a description, and
/// their bytes are made when someone looks at them. Other bytes are shared by all clones.
///
/// Contents can also be [forgotten](Self::forgotten), which no bytes are equal to. The machine
/// itself never forgets any.
#[derive(Clone, PartialEq, Eq)]
pub struct PageData(Contents);

/// No two of these have the same bytes: what can be described is never held as bytes, and the
/// descriptions exclude each other. Two labels differ in their first line; the words of noise do
/// not repeat within a page, which those of labels and of one byte throughout do. So contents are
/// equal if and only if this is.
#[derive(Clone, PartialEq, Eq)]
enum Contents {
    /// Nobody knows.
    Forgotten,
    /// The same byte throughout.
    Byte(u8),
    /// [`Pattern::Label`].
    Label(Label),
    /// [`Pattern::Noise`]: the first of its 64-bit words, which all others follow from. Never 0.
    Noise(u64),
    /// Anything else.
    Bytes(Arc<[u8; PAGE_SIZE]>),
}

/// History keeps two of them for every page read or written.
const _: () = assert!(size_of::<PageData>() <= 16);

impl PageData {
    /// A page of zeros.
    pub const fn zero() -> PageData {
        PageData(Contents::Byte(0))
    }

    /// A page of an object filled with a pattern.
    pub fn filled(pattern: Pattern, object: ObjectId, page: PageIndex) -> PageData {
        PageData(match pattern {
            Pattern::Byte(byte) => Contents::Byte(byte),
            Pattern::Label(number) => Contents::Label(Label {
                object,
                page,
                number,
            }),
            Pattern::Noise(number) => Contents::Noise(first_word(object, page, number)),
        })
    }

    /// A page with these bytes.
    pub fn new(bytes: [u8; PAGE_SIZE]) -> PageData {
        PageData(Contents::described(&bytes).unwrap_or_else(|| Contents::Bytes(Arc::new(bytes))))
    }

    /// A page with the bytes of `slice`, or `None` if it isn't exactly one page long.
    pub fn from_slice(slice: &[u8]) -> Option<PageData> {
        let bytes = slice.try_into().ok()?;
        Some(PageData(match Contents::described(bytes) {
            Some(described) => described,
            // Copied once: straight to where they stay.
            None => Contents::Bytes(Arc::<[u8]>::from(slice).try_into().ok()?),
        }))
    }

    /// A page whose contents are no longer known: they were too many to be kept.
    pub const fn forgotten() -> PageData {
        PageData(Contents::Forgotten)
    }

    /// Whether the contents are no longer known.
    pub fn is_forgotten(&self) -> bool {
        matches!(self.0, Contents::Forgotten)
    }

    /// The bytes, to read; `None` if they are [forgotten](Self::forgotten).
    pub fn bytes(&self) -> Option<Cow<'_, [u8; PAGE_SIZE]>> {
        Some(match &self.0 {
            Contents::Forgotten => return None,
            Contents::Byte(byte) => Cow::Owned([*byte; PAGE_SIZE]),
            Contents::Label(label) => Cow::Owned(label.bytes()),
            Contents::Noise(first) => Cow::Owned(noise(*first)),
            Contents::Bytes(bytes) => Cow::Borrowed(bytes),
        })
    }

    /// Writes `new` over the bytes from `offset` on. If it does not fit there nothing is changed,
    /// and what is forgotten stays so: the rest of the page is still not known.
    pub fn overwrite(&mut self, offset: usize, new: &[u8]) {
        let Some(mut bytes) = self.bytes().map(Cow::into_owned) else {
            return;
        };
        if let Some(room) = bytes.get_mut(offset..offset.saturating_add(new.len())) {
            room.copy_from_slice(new);
            *self = PageData::new(bytes);
        }
    }
}

impl fmt::Debug for PageData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Contents::Forgotten => f.write_str("PageData(forgotten)"),
            Contents::Byte(byte) => write!(f, "PageData({byte:#04x}…)"),
            Contents::Label(label) => write!(f, "PageData({:?}…)", label.line()),
            Contents::Noise(first) => write!(f, "PageData(noise {first:016x}…)"),
            Contents::Bytes(bytes) => {
                write!(f, "PageData({:?}…)", String::from_utf8_lossy(&bytes[..16]))
            }
        }
    }
}

impl Contents {
    /// The description of these bytes, if there is one.
    fn described(bytes: &[u8; PAGE_SIZE]) -> Option<Contents> {
        if bytes.iter().all(|byte| *byte == bytes[0]) {
            return Some(Contents::Byte(bytes[0]));
        }
        let mut words = bytes.as_chunks().0.iter().copied().map(u64::from_le_bytes);
        let first = words.next()?;
        let mut expected = first;
        let follows = |word| {
            expected = next_word(expected);
            word == expected
        };
        if words.all(follows) {
            return Some(Contents::Noise(first));
        }
        Label::read(bytes).map(Contents::Label)
    }
}

/// Lines that say which page this is.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Label {
    object: ObjectId,
    page: PageIndex,
    number: u32,
}

impl Label {
    /// Longest line, in bytes: three times ten digits, and what is between them.
    const LONGEST: usize = 46;

    fn line(self) -> String {
        format!(
            "object {} page {} #{}\n",
            self.object.0, self.page.0, self.number
        )
    }

    fn bytes(self) -> [u8; PAGE_SIZE] {
        let line = self.line();
        let mut bytes = [0; PAGE_SIZE];
        for room in bytes.chunks_mut(line.len()) {
            room.copy_from_slice(&line.as_bytes()[..room.len()]);
        }
        bytes
    }

    /// The label that has these bytes, if one has.
    fn read(bytes: &[u8; PAGE_SIZE]) -> Option<Label> {
        let start = bytes[..Label::LONGEST].strip_prefix(b"object ")?;
        let end = start.iter().position(|byte| *byte == b'\n')?;
        let (object, rest) = str::from_utf8(&start[..end]).ok()?.split_once(" page ")?;
        let (page, number) = rest.split_once(" #")?;
        let label = Label {
            object: ObjectId(object.parse().ok()?),
            page: PageIndex(page.parse().ok()?),
            number: number.parse().ok()?,
        };
        (label.bytes() == *bytes).then_some(label)
    }
}

fn first_word(object: ObjectId, page: PageIndex, number: u32) -> u64 {
    let place = u64::from(object.0) << 32 | u64::from(page.0);
    let state = place.wrapping_mul(0x9e37_79b9_7f4a_7c15)
        ^ u64::from(number)
            .wrapping_add(1)
            .wrapping_mul(0xbf58_476d_1ce4_e5b9);
    next_word(state.max(1))
}

/// xorshift with 64 bits: all words but 0 in one circle.
fn next_word(mut word: u64) -> u64 {
    word ^= word << 13;
    word ^= word >> 7;
    word ^= word << 17;
    word
}

fn noise(first: u64) -> [u8; PAGE_SIZE] {
    let mut bytes = [0; PAGE_SIZE];
    let mut word = first;
    for room in bytes.as_chunks_mut().0 {
        *room = word.to_le_bytes();
        word = next_word(word);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: (ObjectId, PageIndex) = (ObjectId(3), PageIndex(4_294_967_295));

    fn filled(pattern: Pattern) -> PageData {
        PageData::filled(pattern, PAGE.0, PAGE.1)
    }

    fn all_kinds() -> Vec<PageData> {
        let mut other = [7; PAGE_SIZE];
        other[4095] = 8;
        let mut almost = Pattern::Label(1).bytes(PAGE.0, PAGE.1);
        almost[4095] ^= 1;
        vec![
            PageData::zero(),
            filled(Pattern::Byte(1)),
            filled(Pattern::Label(1)),
            filled(Pattern::Label(u32::MAX)),
            PageData::filled(Pattern::Label(1), ObjectId(u32::MAX), PAGE.1),
            filled(Pattern::Noise(1)),
            filled(Pattern::Noise(2)),
            PageData::new(other),
            PageData::new(almost),
            PageData::forgotten(),
        ]
    }

    #[test]
    fn bytes_come_out_as_they_went_in_and_are_told_apart() {
        let pages = all_kinds();
        for (n, page) in pages.iter().enumerate() {
            for (m, other) in pages.iter().enumerate() {
                assert_eq!(page == other, n == m, "{page:?} and {other:?}");
                assert_eq!(page.bytes() == other.bytes(), n == m);
            }
            if let Some(bytes) = page.bytes() {
                let again = PageData::new(*bytes);
                assert_eq!(again, *page);
                assert_eq!(again.bytes(), page.bytes());
                assert_eq!(PageData::from_slice(&bytes[..]), Some(again));
                assert_eq!(PageData::from_slice(&bytes[1..]), None);
            }
        }
    }

    #[test]
    fn only_what_has_no_description_takes_bytes() {
        let takes = |page: &&PageData| matches!(page.0, Contents::Bytes(_));
        assert_eq!(all_kinds().iter().filter(takes).count(), 2);
        let read_back: Vec<_> = all_kinds()
            .iter()
            .filter_map(|page| Some(PageData::new(*page.bytes()?)))
            .collect();
        assert_eq!(read_back.iter().filter(takes).count(), 2);
    }

    #[test]
    fn patterns_have_the_bytes_they_always_had() {
        let (object, page) = (ObjectId(3), PageIndex(17));
        let label = Pattern::Label(5).bytes(object, page);
        assert!(label.starts_with(b"object 3 page 17 #5\nobject 3 page 17 #5\n"));
        assert_eq!(label[4080..], *b"object 3 page 17");
        // Written down when stored disks first relied on it.
        let noise = Pattern::Noise(5).bytes(object, page);
        assert_eq!(noise[..8], NOISE_START.to_le_bytes());
        assert_eq!(noise[4088..], NOISE_END.to_le_bytes());
    }

    const NOISE_START: u64 = 0x699f_c171_f9b9_ad4d;
    const NOISE_END: u64 = 0xf901_2ee6_057b_8d71;

    #[test]
    fn a_label_written_in_another_way_is_no_label() {
        for line in [
            "object 03 page 4 #1\n",
            "object +3 page 4 #1\n",
            "object 3 page 4 #1 \n",
        ] {
            let mut bytes = [0; PAGE_SIZE];
            for (to, from) in bytes.iter_mut().zip(line.bytes().cycle()) {
                *to = from;
            }
            let page = PageData::new(bytes);
            assert!(matches!(page.0, Contents::Bytes(_)), "{line:?}");
            assert_eq!(page.bytes().as_deref(), Some(&bytes));
        }
    }

    #[test]
    fn writing_changes_no_clone() {
        let mut page = filled(Pattern::Byte(1));
        let before = page.clone();
        page.overwrite(4094, &[2, 3]);
        let mut expected = [1; PAGE_SIZE];
        expected[4094..].copy_from_slice(&[2, 3]);
        assert_eq!(page.bytes().as_deref(), Some(&expected));
        assert_eq!(before.bytes().as_deref(), Some(&[1; PAGE_SIZE]));
        page.overwrite(4095, &[9, 9]);
        assert_eq!(page.bytes().as_deref(), Some(&expected));
        page.overwrite(4094, &[1, 1]);
        assert_eq!(page, before);
    }

    #[test]
    fn what_is_forgotten_has_no_bytes_whatever_is_written() {
        let mut page = PageData::forgotten();
        page.overwrite(0, b"news");
        assert!(page.is_forgotten());
        assert_eq!(page.bytes(), None);
        assert_ne!(page, PageData::zero());
    }
}
