//! Numbers and quantities as people read them.

use swap_pager::units::PAGE_SIZE;
pub use swap_pager::words::numbers::{count, grouped, span};

/// Pages of memory in the unit that suits: `64 KiB`, `16 MiB`, `1.5 GiB`.
pub fn size(pages: u32) -> String {
    bytes(u64::from(pages) * PAGE_SIZE as u64)
}

/// Bytes in the unit that suits, from KiB on.
pub fn bytes(bytes: u64) -> String {
    let kib = bytes.div_ceil(1024);
    let (unit, name) = match kib {
        0..1024 => (1, "KiB"),
        1024..1_048_576 => (1024, "MiB"),
        _ => (1_048_576, "GiB"),
    };
    let tenths = (kib * 10 + unit / 2) / unit;
    if tenths.is_multiple_of(10) {
        format!("{} {name}", grouped(tenths / 10))
    } else {
        format!("{}.{} {name}", grouped(tenths / 10), tenths % 10)
    }
}

/// A number to so many places after the point, as styles and drawings have them. Rust's own way to
/// write an `f64` takes 15 KB of the program: this is instead of it.
pub fn decimal(x: f64, places: u32) -> String {
    let unit = 10u64.pow(places);
    let parts = (x.abs() * unit as f64).round() as u64;
    let sign = if x < 0.0 && parts > 0 { "-" } else { "" };
    let (whole, rest, places) = (parts / unit, parts % unit, places as usize);
    if places == 0 {
        return format!("{sign}{whole}");
    }
    format!("{sign}{whole}.{rest:0places$}")
}

/// A length as styles have it: `12.500px`.
pub fn px(length: f64) -> String {
    decimal(length, 3) + "px"
}

/// With a capital, if it begins with a letter of ASCII: the tables for all other letters are large.
pub fn capitalized(mut text: String) -> String {
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn sizes_choose_their_unit() {
        assert_eq!(size(1), "4 KiB");
        assert_eq!(size(4096), "16 MiB");
        assert_eq!(size(300), "1.2 MiB");
        assert_eq!(size(2_097_152), "8 GiB");
        assert_eq!(bytes(1), "1 KiB");
        assert_eq!(bytes(0), "0 KiB");
    }

    #[test]
    fn a_decimal_is_rounded() {
        assert_eq!(decimal(0.05, 1), "0.1");
        assert_eq!(decimal(-0.04, 1), "0.0");
        assert_eq!(decimal(-2.5, 1), "-2.5");
        assert_eq!(decimal(12.0, 0), "12");
        assert_eq!(decimal(199.9996, 3), "200.000");
        assert_eq!(decimal(f64::NAN, 1), "0.0");
        assert_eq!(px(1.0625), "1.063px");
    }

    #[test]
    fn the_first_letter_is_made_a_capital() {
        assert_eq!(capitalized("the root".to_owned()), "The root");
        assert_eq!(capitalized("4 nodes".to_owned()), "4 nodes");
        assert_eq!(capitalized(String::new()), "");
    }
}
