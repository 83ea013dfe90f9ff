//! What values the settings of a machine can have. The core brings such that make no sense to the nearest
//! that do; a script had better hear of it, so `package/machine.js` refuses them.

use serde::Serialize;
use swap_pager::units::NSWAPDEV;
use swap_pager::{Config, MAX_FRAMES, MIN_FRAMES, Policy};

/// A setting that is a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Setting {
    /// Its name, a field of [`Config`].
    pub name: &'static str,
    /// The least it can be.
    pub min: u32,
    /// The most it can be.
    pub max: u32,
}

/// The settings a machine can be made with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Settings {
    /// What a machine has where nothing else is said.
    pub defaults: Config,
    /// Those that are numbers.
    pub numbers: [Setting; 6],
    /// Those of which there are few values. Where nothing is said, a machine has what the original
    /// has.
    pub choices: (Choice<u32, 5>, Choice<Policy, 3>),
}

/// A setting that has one of few values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Choice<T: Serialize, const N: usize>
where
    [T; N]: Serialize,
{
    /// Its name, a field of [`Config`].
    pub name: &'static str,
    /// What it can be.
    pub values: [T; N],
}

impl Settings {
    /// Of every machine.
    pub fn all() -> Settings {
        let number = |name, min, max| Setting { name, min, max };
        Settings {
            defaults: Config::default(),
            numbers: [
                number("nswdev", 1, NSWAPDEV),
                number("nswbuf", 2, 256),
                number("lowat", 0, 1 << 24),
                number("hiwat", 0, 1 << 24),
                number("swap_zone", 1, 1 << 20),
                number("frames", MIN_FRAMES, MAX_FRAMES),
            ],
            choices: (
                Choice {
                    name: "stripe",
                    values: [8, 16, 32, 64, 128],
                },
                Choice {
                    name: "policy",
                    values: Policy::ALL,
                },
            ),
        }
    }
}
