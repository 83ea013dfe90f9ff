//! How things of the machine look: the state of a page, and the colour of an object.

use swap_pager::page::PageState;
use swap_pager::units::{ObjectId, PageIndex, SwapBlock};
use swap_pager::words::shown::shown;
use swap_pager::{Model, ModelPage};

/// Colours there are for objects. They are told apart by people who see few colours too; the
/// style sheet has them as `--object-0` and so on.
pub const OBJECT_COLORS: u32 = 6;

/// Which colour an object has, and which texture is laid over it: objects past the number of
/// colours have one.
pub fn object_look(object: ObjectId) -> (u32, Texture) {
    let n = object.0.saturating_sub(1);
    let texture = match n / OBJECT_COLORS % 3 {
        0 => Texture::Plain,
        1 => Texture::Stripes,
        _ => Texture::Dots,
    };
    (n % OBJECT_COLORS, texture)
}

/// What is laid over the colour of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Texture {
    /// Nothing.
    Plain,
    /// Slanted lines.
    Stripes,
    /// Dots.
    Dots,
}

/// What an object is called: its name, or `object 3`.
pub fn object_name(model: &Model, object: ObjectId) -> String {
    model.name(object).map_or_else(|| object.to_string(), shown)
}

/// What a person has to see of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageLook {
    /// Never written to: it is neither in memory nor on swap.
    Untouched,
    /// Only on swap.
    Swapped,
    /// In memory, nothing newer than elsewhere.
    Clean {
        /// Whether there is a copy on swap too.
        copy: bool,
    },
    /// In memory, and newer than anything on swap.
    Dirty,
    /// Being written to swap.
    Writing,
    /// Being read from swap.
    Reading,
}

impl PageLook {
    /// How a page looks, given what is in memory and the block it has on swap.
    pub fn of(page: Option<PageState>, swap: Option<SwapBlock>) -> PageLook {
        match page {
            None if swap.is_some() => PageLook::Swapped,
            None => PageLook::Untouched,
            Some(state) if state.busy > 0 => PageLook::Writing,
            Some(state) if state.pg_busy => PageLook::Reading,
            Some(state) if state.dirty => PageLook::Dirty,
            Some(_) => PageLook::Clean {
                copy: swap.is_some(),
            },
        }
    }

    /// How a page of the model looks.
    pub fn in_model(model: &Model, object: ObjectId, page: PageIndex) -> PageLook {
        let key = (object, page);
        PageLook::of(
            model.pages.get(&key).map(|page: &ModelPage| page.state),
            model.swap.get(&key).copied(),
        )
    }

    /// The state in a few words.
    pub fn words(self) -> &'static str {
        match self {
            PageLook::Untouched => "never touched",
            PageLook::Swapped => "on swap only",
            PageLook::Clean { copy: true } => "in memory, same copy on swap",
            PageLook::Clean { copy: false } => "in memory, clean",
            PageLook::Dirty => "in memory, dirty",
            PageLook::Writing => "being written to swap",
            PageLook::Reading => "being read from swap",
        }
    }

    /// What the state means, for one who hears of it the first time.
    pub fn meaning(self) -> &'static str {
        match self {
            PageLook::Untouched => {
                "Nothing was ever written here. A page costs nothing until it is touched; then it \
                 is filled with zeros."
            }
            PageLook::Swapped => {
                "Its contents are on disk only. The next touch has to wait while it is read back."
            }
            PageLook::Clean { copy: true } => {
                "It is in memory, and swap has the same bytes. It can leave memory without a write."
            }
            PageLook::Clean { copy: false } => {
                "It is in memory, and nothing in it has to be kept safe."
            }
            PageLook::Dirty => {
                "It was changed, and swap does not have the change. It must be written before it \
                 can leave memory."
            }
            PageLook::Writing => "A disk is just taking its bytes. It can't be changed until then.",
            PageLook::Reading => "A disk is just bringing its bytes. Who needs it sleeps.",
        }
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn colours_come_back_with_a_texture() {
        assert_eq!(object_look(ObjectId(1)), (0, Texture::Plain));
        assert_eq!(object_look(ObjectId(6)), (5, Texture::Plain));
        assert_eq!(object_look(ObjectId(7)), (0, Texture::Stripes));
        assert_eq!(object_look(ObjectId(13)), (0, Texture::Dots));
        assert_eq!(object_look(ObjectId(19)), (0, Texture::Plain));
    }

    #[test]
    fn a_page_in_transfer_looks_busy_whatever_else_it_is() {
        let block = Some(SwapBlock(40));
        let writing = PageState {
            valid: true,
            dirty: true,
            busy: 1,
            ..PageState::default()
        };
        assert_eq!(PageLook::of(Some(writing), block), PageLook::Writing);
        let reading = PageState {
            pg_busy: true,
            ..PageState::default()
        };
        assert_eq!(PageLook::of(Some(reading), block), PageLook::Reading);
    }

    #[test]
    fn a_clean_page_tells_whether_swap_has_it_too() {
        let clean = PageState {
            valid: true,
            ..PageState::default()
        };
        let look = |swap| PageLook::of(Some(clean), swap);
        assert_eq!(look(None), PageLook::Clean { copy: false });
        assert_eq!(look(Some(SwapBlock(1))), PageLook::Clean { copy: true });
        assert_eq!(PageLook::of(None, None), PageLook::Untouched);
        assert_eq!(PageLook::of(None, Some(SwapBlock(1))), PageLook::Swapped);
    }
}
