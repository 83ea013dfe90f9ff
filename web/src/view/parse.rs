//! What a person types, read; and where it can't be, why.

use swap_pager::command::PageRange;
use swap_pager::units::PageIndex;

/// A whole number. Spaces and underscores may group its digits. `what` names it in the reason.
///
/// # Errors
/// The reason, as a sentence.
pub fn whole(text: &str, what: &str) -> Result<u32, String> {
    let digits: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '_')
        .collect();
    if digits.is_empty() {
        return Err(format!("Enter {what}."));
    }
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(format!("“{}” is not a whole number.", text.trim()));
    }
    digits
        .parse()
        .map_err(|_| format!("{} is more than can be counted here.", text.trim()))
}

/// A whole number with its limits.
///
/// # Errors
/// The reason, as a sentence.
pub fn between(text: &str, what: &str, least: u32, most: u32) -> Result<u32, String> {
    let number = whole(text, "a number")?;
    if number < least {
        return Err(format!("{what}: at least {least}."));
    }
    if number > most {
        return Err(format!("{what}: at most {most}."));
    }
    Ok(number)
}

/// Pages of an object of `size` pages: `5`, `0..63` with both ends meant, or `all`.
///
/// # Errors
/// The reason, as a sentence.
pub fn page_range(text: &str, size: u32) -> Result<PageRange, String> {
    let text = text.trim();
    let last = size.saturating_sub(1);
    if text.is_empty() {
        return Err(format!("Enter pages, such as 5 or 0..{last}."));
    }
    let (first, end) = if text.eq_ignore_ascii_case("all") {
        (0, last)
    } else {
        let split = ["..=", "..", "…", "–", "-"]
            .iter()
            .find_map(|mark| text.split_once(mark));
        let number = |text: &str| {
            whole(text, "a page").map_err(|_| {
                format!("“{text}” is not a page number: write pages as 5 or 0..{last}.")
            })
        };
        match split {
            Some((first, end)) => (number(first.trim())?, number(end.trim())?),
            None => {
                let page = number(text)?;
                (page, page)
            }
        }
    };
    if first > end {
        return Err(format!(
            "{first} comes after {end}: write the lower page first."
        ));
    }
    if end > last {
        return Err(format!("There is no page {end}: the pages are 0..{last}."));
    }
    Ok(PageRange {
        start: PageIndex(first),
        count: end - first + 1,
    })
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    fn range(start: u32, count: u32) -> Result<PageRange, String> {
        let start = PageIndex(start);
        Ok(PageRange { start, count })
    }

    #[test]
    fn numbers_may_be_grouped() {
        assert_eq!(whole("4096", "pages"), Ok(4096));
        assert_eq!(whole(" 4 096 ", "pages"), Ok(4096));
        assert_eq!(whole("4\u{202f}096", "pages"), Ok(4096));
        assert_eq!(whole("1_000", "pages"), Ok(1000));
    }

    #[test]
    fn what_is_no_number_says_so() {
        let what = "a number of pages";
        assert_eq!(whole(" ", what), Err("Enter a number of pages.".into()));
        for bad in ["-1", "1.5", "1e3", "12x", "٣", "4,096"] {
            let Err(reason) = whole(bad, what) else {
                panic!("{bad} was taken")
            };
            assert!(reason.contains("not a whole number"), "{reason}");
        }
        let reason = whole("99999999999", what);
        assert!(reason.is_err_and(|reason| reason.contains("more than")));
    }

    #[test]
    fn ranges_have_both_ends_in_them() {
        assert_eq!(page_range("0..63", 128), range(0, 64));
        assert_eq!(page_range(" 3 .. 3 ", 128), range(3, 1));
        assert_eq!(page_range("0..=7", 128), range(0, 8));
        assert_eq!(page_range("8-15", 128), range(8, 8));
        assert_eq!(page_range("127", 128), range(127, 1));
        assert_eq!(page_range("All", 128), range(0, 128));
    }

    #[test]
    fn ranges_outside_the_object_are_refused() {
        for (text, part) in [
            ("0..128", "no page 128"),
            ("9..3", "lower page first"),
            ("..5", "not a page number"),
            ("a..b", "“a”"),
            ("", "Enter pages"),
            ("5000000000", "not a page number"),
        ] {
            let reason = page_range(text, 128);
            assert!(
                reason.as_ref().is_err_and(|reason| reason.contains(part)),
                "{text}: {reason:?}"
            );
        }
    }
}
