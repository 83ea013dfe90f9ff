//! Numbers and quantities as people read them.

/// Between groups of three digits: a space that is narrow and never breaks a line.
const GROUP: char = '\u{202f}';

/// A number with its digits in groups: `4 096`.
#[inline]
pub fn grouped(n: impl Into<u64>) -> String {
    let digits = n.into().to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 * GROUP.len_utf8());
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(GROUP);
        }
        text.push(digit);
    }
    text
}

/// A number with what it counts: `1 page`, `40 pages`. The plural is made with an s.
#[inline]
pub fn count(n: impl Into<u64>, what: &str) -> String {
    let n = n.into();
    if n == 1 {
        format!("1 {what}")
    } else {
        format!("{} {what}s", grouped(n))
    }
}

/// Neighbours, by the first and the last: `48..63`, or `48` alone.
#[inline]
pub fn span(first: u32, last: u32) -> String {
    if first == last {
        first.to_string()
    } else {
        format!("{first}..{last}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_stand_in_groups_of_three() {
        assert_eq!(grouped(0u32), "0");
        assert_eq!(grouped(999u32), "999");
        assert_eq!(grouped(4096u32), "4\u{202f}096");
        assert_eq!(grouped(1_048_576u32), "1\u{202f}048\u{202f}576");
    }

    #[test]
    fn one_is_not_plural() {
        assert_eq!(count(1u32, "page"), "1 page");
        assert_eq!(count(0u32, "page"), "0 pages");
    }
}
