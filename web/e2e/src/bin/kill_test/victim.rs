//! A browser that is going to be killed, with all its processes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use swap_playground_e2e::Result;

/// How long the system may take to end processes that were killed.
const PATIENCE: Duration = Duration::from_secs(10);

/// Kills the browser with this profile, and waits until it is gone. Returns how many processes it
/// was.
pub async fn kill(profile: &Path) -> Result<usize> {
    let pids = processes(profile)?;
    if pids.is_empty() {
        return Err("the browser is gone before it was killed".into());
    }
    // One call for all, so that none has time to notice what happened to another. Some are gone by
    // themselves as soon as the first is.
    let _ = Command::new("sh")
        .args(["-c", "kill -KILL \"$@\" 2>/dev/null", "sh"])
        .args(pids.iter().map(u32::to_string))
        .status()?;
    let end = Instant::now() + PATIENCE;
    loop {
        // What was just being started when the others were killed.
        let left: Vec<u32> = (pids.iter().copied())
            .chain(processes(profile)?)
            .filter(|pid| Process::read(*pid).is_some_and(|process| process.state != 'Z'))
            .collect();
        if left.is_empty() {
            return Ok(pids.len());
        }
        if Instant::now() > end {
            return Err(format!("the processes {left:?} outlive being killed").into());
        }
        for pid in left.iter().filter(|pid| !pids.contains(pid)) {
            let _ = Command::new("sh")
                .args([
                    "-c",
                    "kill -KILL \"$1\" 2>/dev/null",
                    "sh",
                    &pid.to_string(),
                ])
                .status()?;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

struct Process {
    parent: u32,
    state: char,
    arguments: Vec<PathBuf>,
}

impl Process {
    /// What the system says of a process; `None` if it is gone.
    fn read(pid: u32) -> Option<Process> {
        use std::os::unix::ffi::OsStringExt;
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        // The name of the program is in brackets, and may have any character in it.
        let (_, rest) = stat.rsplit_once(") ")?;
        let mut words = rest.split(' ');
        let state = words.next()?.chars().next()?;
        let parent = words.next()?.parse().ok()?;
        let line = std::fs::read(format!("/proc/{pid}/cmdline")).ok()?;
        let arguments = line.split(|byte| *byte == 0);
        let path = |bytes: &[u8]| std::ffi::OsString::from_vec(bytes.to_vec()).into();
        Some(Process {
            parent,
            state,
            arguments: arguments.map(path).collect(),
        })
    }
}

/// The processes of the browser with this profile: those that were started with it, and their
/// descendants.
fn processes(profile: &Path) -> Result<BTreeSet<u32>> {
    let mut wanted = std::ffi::OsString::from("--user-data-dir=");
    wanted.push(profile);
    let entries = std::fs::read_dir("/proc")
        .map_err(|error| format!("this test needs /proc to find processes: {error}"))?;
    let mut all = BTreeMap::new();
    for entry in entries.flatten() {
        let pid = entry
            .file_name()
            .to_str()
            .and_then(|name| name.parse().ok());
        if let Some((pid, process)) = pid.and_then(|pid| Some((pid, Process::read(pid)?))) {
            all.insert(pid, process);
        }
    }
    let is_of_profile = |process: &Process| {
        process
            .arguments
            .iter()
            .any(|argument| *argument == *wanted)
    };
    let mut found: BTreeSet<u32> = (all.iter())
        .filter(|(_, process)| process.state != 'Z' && is_of_profile(process))
        .map(|(pid, _)| *pid)
        .collect();
    loop {
        let more: Vec<u32> = (all.iter())
            .filter(|(pid, process)| found.contains(&process.parent) && !found.contains(pid))
            .map(|(pid, _)| *pid)
            .collect();
        if more.is_empty() {
            return Ok(found);
        }
        found.extend(more);
    }
}
