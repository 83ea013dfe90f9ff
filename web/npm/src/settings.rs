//! What values the settings of a machine can have.

use serde::Serialize;
use swap_pager::units::NSWAPDEV;
use swap_pager::{Config, MAX_FRAMES, MIN_FRAMES};

use crate::failure::{Code, Failure};

/// Most pages of swap there can be, with four of the largest disks.
const MOST_SWAP: u32 = 1 << 24;

/// A setting that is a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Setting {
    /// Its name, a field of `Config`.
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
    pub numbers: Vec<Setting>,
}

impl Settings {
    /// Of every machine.
    pub fn all() -> Settings {
        let defaults = Config::default();
        let numbers = numbers(&defaults);
        Settings {
            defaults,
            numbers: numbers.into_iter().map(|(setting, _)| setting).collect(),
        }
    }
}

/// The numbers of a configuration, with what they can be.
fn numbers(config: &Config) -> [(Setting, u32); 6] {
    let Config {
        nswdev,
        nswbuf,
        lowat,
        hiwat,
        swap_zone,
        frames,
        fixes: _,
    } = *config;
    let number = |name, min, max, value| (Setting { name, min, max }, value);
    [
        number("nswdev", 1, NSWAPDEV, nswdev),
        number("nswbuf", 2, 256, nswbuf),
        number("lowat", 0, MOST_SWAP, lowat),
        number("hiwat", 0, MOST_SWAP, hiwat),
        number("swap_zone", 1, 1 << 20, swap_zone),
        number("frames", MIN_FRAMES, MAX_FRAMES, frames),
    ]
}

/// Refuses a configuration that makes no sense. The core would bring such values to the nearest
/// that do; a script had better hear of it.
pub fn check(config: &Config) -> Result<(), Failure> {
    for (Setting { name, min, max }, value) in numbers(config) {
        if !(min..=max).contains(&value) {
            let message = format!("{name} is {value}: it can be {min} to {max}.");
            return Err(Failure {
                setting: Some(name),
                ..Failure::new(Code::Setting, message)
            });
        }
    }
    Ok(())
}
