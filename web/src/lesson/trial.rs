//! How far somebody has come with a challenge.

use swap_pager::lesson::Challenge;
use swap_pager::session::Player;

use crate::session::Session;

/// A challenge under way. Whether its goals hold is found out on a copy of the machine, which is given
/// what was put into the machine itself.
#[derive(Debug, Default)]
pub struct Trial {
    /// How many inputs the machine had had when the challenge began; none before it has.
    pub from: Option<usize>,
    /// How many commands were given since.
    pub commands: usize,
    /// Of each goal whether it holds, and what its measure comes to.
    pub goals: Vec<(bool, String)>,
    /// How often it was begun.
    pub begun: u32,
    /// Whether all of them did once.
    pub met: bool,
    /// Whether the solution was shown before.
    pub shown: bool,
    copy: Option<Player>,
    /// How many inputs the copy has had.
    put: usize,
}

impl Trial {
    /// One that was begun so often before, and may have been met, or shown.
    pub fn resumed(begun: u32, met: bool, shown: bool) -> Trial {
        Trial {
            begun,
            met,
            shown,
            ..Trial::default()
        }
    }

    /// Begins, with the machine as it was after so many inputs.
    ///
    /// # Errors
    /// What of the session can't be played again, as a sentence.
    pub fn begin(
        &mut self,
        session: &Session,
        challenge: &Challenge,
        from: usize,
    ) -> Result<(), String> {
        let mut records = session.records(1);
        records.truncate(from.saturating_sub(1));
        self.put = records.len() + 1;
        let mut copy =
            Player::replay(session.config(), records).map_err(|error| error.to_string())?;
        copy.mark();
        self.from = Some(self.put);
        self.copy = Some(copy);
        self.judge(session, challenge);
        Ok(())
    }

    /// Is over, or not begun.
    pub fn forget(&mut self) {
        *self = Trial {
            met: self.met,
            shown: self.shown,
            begun: self.begun,
            ..Trial::default()
        };
    }

    /// Whether something was done since it was judged.
    pub fn is_stale(&self, session: &Session) -> bool {
        self.copy.is_some() && session.inputs() != self.put && session.is_settled()
    }

    /// Looks at what was done, and at which goals hold now.
    pub fn judge(&mut self, session: &Session, challenge: &Challenge) {
        let Some(copy) = &mut self.copy else { return };
        for record in session.records(self.put) {
            self.put += 1;
            // What the machine took, its copy takes.
            let taken = copy.put(record);
            debug_assert!(taken.is_ok(), "{taken:?}");
        }
        let goals = challenge
            .goals
            .iter()
            .map(|(goal, _)| match goal.holds(copy) {
                Ok((holds, now)) => (holds, format!("now {now}")),
                Err(why) => (false, why),
            });
        self.goals = goals.collect();
        self.commands = session.commands_after(self.from.unwrap_or(self.put));
        let all = !self.goals.is_empty() && self.goals.iter().all(|(holds, _)| *holds);
        // Whoever had it shown hasn't found it.
        self.met |= all && !self.shown;
    }

    /// Whether it is done with: met, or shown.
    pub fn is_over(&self) -> bool {
        self.met || self.shown
    }
}
