//! What the page tells while it lives: a small server takes it in, so that it is known when the
//! browser is gone.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use swap_pager::units::IoId;
use swap_playground_e2e::Result;

/// What was told.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// Transfers that the pager was told are complete.
    pub complete: BTreeSet<IoId>,
    /// How many commands were given to the database to be stored.
    pub commands: usize,
    /// How many at once at most.
    pub largest: usize,
    /// The durabilities that transactions had.
    pub durabilities: BTreeSet<String>,
}

/// A server on this machine that takes in what the page tells.
pub struct Reports {
    told: Arc<Mutex<Told>>,
    address: String,
}

impl Reports {
    /// Starts it. It runs as long as this program.
    pub fn start() -> Result<Reports> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = format!("http://{}/", listener.local_addr()?);
        let told = Arc::new(Mutex::new(Told::default()));
        let reports = Reports {
            told: told.clone(),
            address,
        };
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let told = told.clone();
                // A browser that is killed ends its connections in the middle.
                std::thread::spawn(move || take_in(stream, &told));
            }
        });
        Ok(reports)
    }

    /// The script that has a page tell.
    pub fn script(&self) -> String {
        include_str!("told.js").replace("REPORT_TO", &self.address)
    }

    /// How many transfers were told to be complete since then.
    pub fn complete(&self) -> usize {
        lock(&self.told).complete.len()
    }

    /// What was told since the last time.
    pub fn take(&self) -> Told {
        std::mem::take(&mut *lock(&self.told))
    }
}

fn lock(told: &Mutex<Told>) -> std::sync::MutexGuard<'_, Told> {
    told.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

/// Takes in the requests of a connection until it ends.
fn take_in(stream: TcpStream, told: &Mutex<Told>) -> Option<()> {
    let mut answers = stream.try_clone().ok()?;
    let mut lines = BufReader::new(stream);
    loop {
        let mut length = 0;
        loop {
            let mut line = String::new();
            if lines.read_line(&mut line).ok()? == 0 {
                return None;
            }
            let line = line.trim().to_ascii_lowercase();
            if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse().ok()?;
            }
            if line.is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        lines.read_exact(&mut body).ok()?;
        note(&String::from_utf8(body).ok()?, told)?;
        answers.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").ok()?;
    }
}

/// One report: the durability, how many commands, and the transfers.
fn note(report: &str, told: &Mutex<Told>) -> Option<()> {
    let mut words = report.split(' ');
    let (durability, commands, ios) = (words.next()?, words.next()?, words.next()?);
    let commands: usize = commands.parse().ok()?;
    let ios = ios.split(',').filter(|io| !io.is_empty());
    let ios: Vec<u32> = ios
        .map(str::parse)
        .collect::<std::result::Result<_, _>>()
        .ok()?;
    let mut told = lock(told);
    told.durabilities.insert(durability.to_owned());
    told.commands += commands;
    told.largest = told.largest.max(commands);
    told.complete.extend(ios.into_iter().map(IoId));
    Some(())
}
