//! Numbers that look random and are the same every time: for variants of lessons, and for tests.

/// A row of numbers that follows from its seed (splitmix64).
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// The row of a seed. Seeds that are next to each other have rows that have nothing in common.
    pub fn new(seed: u64) -> Random {
        Random(seed)
    }

    /// The next number.
    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// The next number below `end`; 0 if that is 0.
    pub fn below(&mut self, end: u64) -> u64 {
        self.draw().checked_rem(end).unwrap_or(0)
    }
}

/// A number for a text, the same every time (FNV-1a, mixed).
pub fn of_text(text: &str) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in text.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    Random::new(hash).draw()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Variants of lessons must stay as they are.
    #[test]
    fn the_rows_are_these() {
        let mut random = Random::new(1_234_567);
        let row = [random.draw(), random.draw(), random.draw()];
        let known = [
            6_457_827_717_110_365_317,
            3_203_168_211_198_807_973,
            9_817_491_932_198_370_423,
        ];
        assert_eq!(row, known);
        assert_eq!(of_text("ann"), of_text("ann"));
        assert_ne!(of_text("ann"), of_text("anna"));
    }

    #[test]
    fn all_numbers_below_an_end_come_up() {
        let mut random = Random::new(7);
        let mut seen = [false; 5];
        for _ in 0..100 {
            seen[random.below(5) as usize] = true;
        }
        assert_eq!(seen, [true; 5]);
        assert_eq!(random.below(0), 0);
    }
}
