//! What the hints of a node's children let in, all sixteen at once.

use super::MAX_ALLOC;

/// The hints of 16 children, a byte each, cut down to [`MAX_ALLOC`]: no search asks for more.
/// A child that does not exist has 0, which lets nothing in. The even children come first, then
/// the odd ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fits([[u8; 8]; 2]);

/// A node's hint before and after something was done to it.
#[derive(Clone, Copy, Debug)]
pub struct Hint {
    pub before: i32,
    pub after: i32,
}

impl Hint {
    /// Whether it is another now, which most of the time it is not.
    #[inline]
    pub fn changed(self) -> bool {
        self.after != self.before
    }
}

/// The lowest bit of every byte.
const ONES: u64 = u64::from_le_bytes([1; 8]);

/// The highest bit of every byte.
const HIGH: u64 = ONES << 7;

impl Fits {
    /// The first `children` have the same hint, and there are no others.
    pub fn all(children: u32, hint: i32) -> Fits {
        let mut fits = Fits([[byte(hint); 8]; 2]);
        for missing in children..16 {
            fits.set(missing, 0);
        }
        fits
    }

    /// Takes note of a child's hint; of its number the lowest four bits count.
    #[inline]
    pub fn set(&mut self, child: u32, hint: i32) {
        self.0[(child % 2) as usize][(child / 2 % 8) as usize] = byte(hint);
    }

    /// The children whose hint is at least `count`.
    ///
    /// What is missing to 128 is added to every byte at once; the highest bit is then set where
    /// the byte was at least `count`. Bytes are at most 32, so none runs over. The bits of the
    /// even children go between those of the odd ones.
    #[inline]
    pub fn at_least(&self, count: u32) -> Children {
        let missing = (0x80 - u64::from(count)) * ONES;
        let [even, odd] = self
            .0
            .map(|bytes| (u64::from_le_bytes(bytes) + missing) & HIGH);
        Children(even >> 4 | odd)
    }
}

/// Some of 16 children, in ascending order: the fourth bit of the first, the eighth of the second,
/// and so on.
#[derive(Clone, Copy, Debug)]
pub struct Children(u64);

impl Iterator for Children {
    type Item = u32;

    #[inline]
    fn next(&mut self) -> Option<u32> {
        let first = self.0.trailing_zeros() / 4;
        self.0 &= self.0.checked_sub(1)?;
        Some(first)
    }
}

/// A hint of a child that exists: it is not negative.
#[inline]
fn byte(hint: i32) -> u8 {
    hint.cast_unsigned().min(MAX_ALLOC) as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn finds_the_children_that_fit(
            hints in prop::array::uniform16(0i32..600),
            count in 1u32..=MAX_ALLOC,
        ) {
            let mut fits = Fits::default();
            for (n, &hint) in (0..).zip(&hints) {
                fits.set(n, hint / 2);
                fits.set(n, hint);
            }
            let expected = (0..16).filter(|&n| hints[n as usize] >= count as i32);
            prop_assert!(fits.at_least(count).eq(expected));
        }
    }
}
