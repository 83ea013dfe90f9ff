//! Scripts: commands as a person types them, and what a person does to disks.
//!
//! ```text
//! # a comment
//! swapon 0 1024            any command of the language
//! disk 1 fail writes 2     the next two writes to disk 1 fail
//! disk 1 fail reads 1
//! disk 1 bad 64..67        these blocks of the disk can be neither read nor written
//! disk 1 delay 20          milliseconds that each transfer takes
//! disk 1 unplug            every transfer fails from now on
//! disk 1 plug              it behaves again: no delays and no faults
//! by hand                  transfers wait for a person from now on
//! by itself                and no longer
//! complete 3               transfer 3 is carried out
//! fail 3                   or fails
//! ```
//!
//! A line that names objects is read when its turn comes: only then are they there.

use std::fmt;

use super::driver::{Plan, Verdict};
use crate::Command;
use crate::language::Names;
use crate::units::{DeviceId, IoId};

/// What a line of a script asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Something of the machine.
    Do(Command),
    /// A disk behaves so from now on.
    Plan(DeviceId, Plan),
    /// Whether a person completes each transfer from now on.
    ByHand(bool),
    /// A transfer that waits for a person.
    Finish(IoId, Verdict),
}

/// Why a line can't be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptError {
    /// Which byte of the line is wrong, from 0.
    pub at: usize,
    /// What is wrong, as a sentence.
    pub why: String,
}

impl fmt::Display for ScriptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.why)
    }
}

impl std::error::Error for ScriptError {}

/// The lines of a script that ask for something, without the spaces around them, and the number of
/// each, from 0.
pub fn lines(script: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = script.lines().map(str::trim).enumerate();
    lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
}

/// What a line asks for. `plan` is how a disk behaves now.
///
/// # Errors
/// What is wrong with it.
pub fn read(
    line: &str,
    names: &Names<'_>,
    plan: impl Fn(DeviceId) -> Plan,
) -> Result<Action, ScriptError> {
    let _ = (line, names, plan);
    todo!()
}
