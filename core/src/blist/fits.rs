//! What the hints of a node's children let in, all sixteen at once.

use super::MAX_ALLOC;

/// The hints of 16 children, a byte each, cut down to [`MAX_ALLOC`]: no search asks for more.
/// A child that does not exist has 0, which lets nothing in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fits([[u8; 8]; 2]);

/// The lowest bit of every byte.
const ONES: u64 = u64::from_le_bytes([1; 8]);

/// The highest bit of every byte.
const HIGH: u64 = ONES << 7;

impl Fits {
    /// The first `children` have the same hint, and there are no others.
    pub fn all(children: u32, hint: i32) -> Fits {
        let mut fits = Fits::default();
        fits.0.as_flattened_mut()[..children as usize].fill(byte(hint));
        fits
    }

    /// Takes note of a child's hint.
    pub fn set(&mut self, child: u32, hint: i32) {
        self.0.as_flattened_mut()[child as usize] = byte(hint);
    }

    /// The children whose hint is at least `count`, in ascending order.
    ///
    /// What is missing to 128 is added to every byte at once; the highest bit is then set where
    /// the byte was at least `count`. Bytes are at most 32, so none runs over.
    pub fn at_least(self, count: u32) -> impl Iterator<Item = u32> {
        let missing = (0x80 - u64::from(count)) * ONES;
        let [mut low, mut high] = self
            .0
            .map(|bytes| (u64::from_le_bytes(bytes) + missing) & HIGH);
        std::iter::from_fn(move || {
            if low != 0 {
                let place = low.trailing_zeros() / 8;
                low &= low - 1;
                return Some(place);
            }
            let place = high.trailing_zeros() / 8;
            high &= high.checked_sub(1)?;
            Some(8 + place)
        })
    }
}

fn byte(hint: i32) -> u8 {
    hint.clamp(0, MAX_ALLOC as i32) as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn finds_the_children_that_fit(
            hints in prop::array::uniform16(-1i32..600),
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
