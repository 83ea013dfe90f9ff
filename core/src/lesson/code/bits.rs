//! A row of bits, five a character.

use super::CHECK_BITS;
use crate::crc32::CRC_32;
use crate::random::Random;

pub(super) fn low(number: u64, bits: u32) -> u64 {
    number & ((1 << bits) - 1)
}

#[derive(Default)]
pub(super) struct Bits {
    pub bits: Vec<bool>,
    /// Where reading is.
    pub at: usize,
}

impl Bits {
    /// Adds the low bits of a number, the highest first.
    pub fn put(&mut self, number: u64, bits: u32) {
        self.bits
            .extend((0..bits).rev().map(|bit| number >> bit & 1 == 1));
    }

    pub fn take(&mut self, bits: u32) -> Option<u64> {
        let end = self.at + bits as usize;
        let taken = self.bits.get(self.at..end)?;
        self.at = end;
        Some(
            taken
                .iter()
                .fold(0, |number, bit| number << 1 | u64::from(*bit)),
        )
    }

    /// Adds zeros up to the end of a character.
    pub fn fill(&mut self) {
        let length = self.bits.len().next_multiple_of(5);
        self.bits.resize(length, false);
    }

    pub fn digits(&self) -> Vec<u8> {
        let digit = |bits: &[bool]| {
            bits.iter()
                .fold(0, |digit, bit| digit << 1 | u8::from(*bit))
        };
        self.bits.chunks(5).map(digit).collect()
    }

    pub fn check(&self) -> u64 {
        low(u64::from(CRC_32.checksum(&self.digits())), CHECK_BITS)
    }

    /// Changes them as only the seed tells; a second time changes them back.
    pub fn veil(&mut self, seed: u64) {
        let mut random = Random::new(seed);
        for bit in &mut self.bits {
            *bit ^= random.below(2) == 1;
        }
    }
}
