//! What was looked at before: back and forward.

use crate::view::ui::Thing;

/// So many are remembered.
const KEPT: usize = 50;

/// The things that were looked at, and where in them a person is.
#[derive(Debug, Default)]
pub struct Trail {
    things: Vec<Thing>,
    at: usize,
}

impl Trail {
    /// Looks at a thing: what was gone back from is forgotten, unless it is there already.
    pub fn look(&mut self, thing: Thing) {
        if self.things.get(self.at) == Some(&thing) {
            return;
        }
        self.things.truncate(self.at + 1);
        self.things.push(thing);
        if self.things.len() > KEPT {
            self.things.remove(0);
        }
        self.at = self.things.len() - 1;
    }

    /// What lies before or after it.
    pub fn neighbour(&self, forward: bool) -> Option<Thing> {
        let place = if forward {
            self.at + 1
        } else {
            self.at.checked_sub(1)?
        };
        self.things.get(place).copied()
    }

    /// Goes there.
    pub fn go(&mut self, forward: bool) -> Option<Thing> {
        let thing = self.neighbour(forward)?;
        self.at = if forward { self.at + 1 } else { self.at - 1 };
        Some(thing)
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;
    use swap_pager::units::SwapBlock;

    #[test]
    fn what_was_gone_back_from_is_forgotten_by_another_look() {
        let block = |n| Thing::Block(SwapBlock(n));
        let mut trail = Trail::default();
        for n in [1, 2, 2, 3] {
            trail.look(block(n));
        }
        assert_eq!(trail.go(false), Some(block(2)));
        assert_eq!(trail.go(false), Some(block(1)));
        assert_eq!(trail.go(false), None);
        assert_eq!(trail.go(true), Some(block(2)));
        // The panel is drawn with what was gone to.
        trail.look(block(2));
        assert_eq!(trail.neighbour(true), Some(block(3)));
        trail.look(block(9));
        assert_eq!(
            (trail.neighbour(true), trail.go(false)),
            (None, Some(block(2)))
        );
    }
}
