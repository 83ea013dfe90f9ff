//! Kills the browser in the middle of its work, again and again, and looks whether all is there
//! that the pager was told is stored.
//!
//! A round: the page is given commands from a seed; at a random moment all processes of the
//! browser are killed with SIGKILL; the browser is started again on the same profile. Then what
//! lies in the database is read, before the page gets to see it, and held against
//!
//! - **what was acknowledged**: every transfer the pager was told is complete. The page told that
//!   on to this program at once, so it is known although the browser is gone;
//! - **its own log**: put into a machine, it must give each block that is there, and no block that
//!   is in use may be missing or hold anything else.
//!
//! In every fifth round or so it is killed once more while the page restores the session. In the
//! end the page opens it: it must come to the very state that the log gives, carry out what was in
//! flight, and page everything in without an error.
//!
//! `kill_test ROUNDS SEED DURABILITY` needs the variables that the end-to-end tests need; with
//! `pkg-scripts/kill-test` all is set up. It needs Linux, for `/proc`.

mod judge;
mod load;
mod reports;
mod victim;

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use judge::{Replayed, replay};
use load::OBJECTS;
use reports::Reports;
use swap_pager::Model;
use swap_pager::random::Random;
use swap_pager::units::{IoId, PageIndex};
use swap_playground_e2e::raw::Stored;
use swap_playground_e2e::{Page, Result, browser_with};

/// Rounds with one profile; then a new one begins.
const ROUNDS_A_PROFILE: u32 = 10;
/// How long the page lives under load, in milliseconds.
const LIFE: u32 = 1500;
/// How long its first transfer is waited for.
const WARMING: Duration = Duration::from_secs(20);
/// How long it is given to restore the session in rounds where it is killed then.
const RESTORING: u32 = 500;

/// What was found in all rounds.
#[derive(Debug, Default)]
struct Figures {
    kills: u32,
    processes: usize,
    acknowledged: usize,
    /// After every kill all that was ever acknowledged is looked at.
    pages: u64,
    commands: usize,
    in_flight: usize,
    read_back: u64,
    lost: Vec<String>,
    torn: Vec<String>,
}

/// One profile, and what is known of it.
struct Series<'a> {
    profile: tempfile::TempDir,
    reports: &'a Reports,
    durability: &'a str,
    /// Every transfer that was acknowledged.
    acknowledged: BTreeSet<IoId>,
    /// Commands that were in the log after the last kill.
    commands: usize,
    figures: &'a mut Figures,
}

#[tokio::main]
async fn main() -> Result {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [rounds, seed, durability] = &arguments[..] else {
        return Err("usage: kill_test ROUNDS SEED relaxed|strict".into());
    };
    let (rounds, seed): (u32, u64) = (rounds.parse()?, seed.parse()?);
    let begun = Instant::now();
    let reports = Reports::start()?;
    let mut figures = Figures::default();
    let mut random = Random::new(seed);
    let mut left = rounds;
    let mut ended = Ok(());
    while left > 0 && ended.is_ok() {
        let rounds = left.min(ROUNDS_A_PROFILE);
        left -= rounds;
        let mut series = Series {
            profile: tempfile::tempdir()?,
            reports: &reports,
            durability,
            acknowledged: BTreeSet::new(),
            commands: 0,
            figures: &mut figures,
        };
        ended = series.run(rounds, &mut random).await;
    }
    let Figures {
        kills,
        processes,
        acknowledged,
        pages,
        commands,
        in_flight,
        read_back,
        lost,
        torn,
    } = &figures;
    println!(
        "{durability}, seed {seed}: {rounds} rounds, {kills} kills of {processes} processes in {:.0} s\n  \
         {acknowledged} acknowledged transfers, {commands} commands: {} lost; {pages} looks at written pages\n  \
         {in_flight} transfers in flight when the browser was killed, carried out anew; {read_back} pages read back\n  \
         {} signs of a torn state",
        begun.elapsed().as_secs_f64(),
        lost.len(),
        torn.len(),
    );
    for what in lost.iter().chain(torn) {
        println!("  {what}");
    }
    // A page that can't go on with what is stored is no success either.
    ended?;
    if lost.is_empty() && torn.is_empty() && *acknowledged > 0 {
        return Ok(());
    }
    Err("the browser lost something, or nothing was ever acknowledged".into())
}

impl Series<'_> {
    async fn run(&mut self, rounds: u32, random: &mut Random) -> Result {
        let mut page = self.start().await?;
        self.open(&page).await?;
        let mut model = replay(&[])?.model;
        for _ in 0..rounds {
            let before = self.reports.complete();
            load::begin(&page, &model, random).await?;
            // Mostly it is killed with transfers under way, however slow the machine is.
            let waited = Instant::now();
            let waits = random.below(4) > 0;
            while waits && self.reports.complete() == before && waited.elapsed() < WARMING {
                sleep(1).await;
            }
            sleep(random.below(LIFE)).await;
            page = self.kill_and_restart(page).await?;
            if random.below(5) == 0 {
                // Its end is not waited for: it never comes.
                let opening = page.clone();
                let address = self.address(&page);
                let opening = tokio::spawn(async move { opening.driver().goto(address).await });
                sleep(random.below(RESTORING)).await;
                page = self.kill_and_restart(page).await?;
                opening.abort();
            }
            self.open(&page).await?;
            model = self.judge_page(&page, random).await?;
        }
        let told = self.reports.take();
        self.check_durability(&told.durabilities)?;
        Ok(page.driver().clone().quit().await?)
    }

    /// Starts the browser. Every document of it tells what is complete.
    async fn start(&self) -> Result<Page> {
        let page = browser_with(self.profile.path()).await?;
        let cdp = page.driver().cdp();
        let script = self.reports.script();
        cdp.send_raw("Page.enable", serde_json::json!({})).await?;
        // The page's policy lets it tell nobody anything.
        let bypass = serde_json::json!({ "enabled": true });
        cdp.send_raw("Page.setBypassCSP", bypass).await?;
        cdp.page()
            .add_script_to_evaluate_on_new_document(script)
            .await?;
        Ok(page)
    }

    fn address(&self, page: &Page) -> String {
        format!("{}?durability={}", page.site(), self.durability)
    }

    async fn open(&self, page: &Page) -> Result {
        page.driver().goto(self.address(page)).await?;
        page.ready().await
    }

    /// Kills the browser, starts it again, and looks what is in its database.
    async fn kill_and_restart(&mut self, page: Page) -> Result<Page> {
        self.figures.processes += victim::kill(self.profile.path()).await?;
        self.figures.kills += 1;
        // The driver is told, but has nothing left to close.
        let _ = page.driver().clone().quit().await;
        // What was sent before the kill may still be on its way.
        sleep(50).await;
        let told = self.reports.take();
        self.check_durability(&told.durabilities)?;
        let before = self.acknowledged.len();
        self.acknowledged.extend(told.complete);
        self.figures.acknowledged += self.acknowledged.len() - before;
        // One transaction is under way at a time: all but the last are complete.
        let commands = self.commands + told.commands - told.largest;

        let page = self.start().await?;
        let plain = beside(&page).await?;
        page.driver().goto(plain).await?;
        match page.stored_if_any().await? {
            Some(stored) => self.judge(&stored, commands)?,
            None if self.acknowledged.is_empty() && commands == 0 => {}
            None => self.figures.lost.push("the database is gone".into()),
        }
        Ok(page)
    }

    fn check_durability(&self, found: &BTreeSet<String>) -> Result {
        match found.iter().all(|found| found == self.durability) {
            true => Ok(()),
            false => Err(format!("transactions were {found:?}, not {}", self.durability).into()),
        }
    }

    /// Holds what is stored against what is known; so many commands have to be there at least.
    fn judge(&mut self, stored: &Stored, commands: usize) -> Result {
        let replayed = replay(&stored.log)?;
        for io in &self.acknowledged {
            let (pages, lost) = replayed.lost(*io, stored);
            self.figures.pages += u64::from(pages);
            self.figures.lost.extend(lost);
        }
        if replayed.commands < commands {
            let lost = format!("the log has {} of {commands} commands", replayed.commands);
            self.figures.lost.push(lost);
        }
        self.figures.commands += replayed.commands.saturating_sub(self.commands);
        self.commands = replayed.commands;
        self.figures.torn.extend(replayed.torn(stored));
        self.figures.in_flight += replayed.in_flight.len();
        Ok(())
    }

    /// Holds what the page made of what is stored against what is stored.
    async fn judge_page(&mut self, page: &Page, random: &mut Random) -> Result<Model> {
        let badge = page.whole_text("storage-badge").await?;
        if !badge.contains("On this device") {
            self.figures.torn.push(format!(
                "the page says: {badge} {}",
                page.whole_text("trouble").await?
            ));
        }
        let replayed = self.settled(page).await?;
        if replayed.model.objects.len() < OBJECTS.len() {
            return Ok(replayed.model);
        }
        let objects: Vec<_> = replayed.model.objects.values().copied().collect();
        for object in &objects {
            page.choose(object.id.0).await?;
            page.read("all").await?;
        }
        let model = self.settled(page).await?.model;
        for object in &objects {
            let number = random.below(object.size);
            page.choose(object.id.0).await?;
            let shown = page.bytes(number).await?;
            let read = model.pages.get(&(object.id, PageIndex(number)));
            if !read.is_some_and(|read| judge::holds(&read.data, &shown)) {
                let what = format!("page {number} of {} was read as something else", object.id);
                self.figures.torn.push(what);
            }
            self.figures.read_back += u64::from(object.size);
        }
        Ok(model)
    }

    /// Waits until all that the page did is stored, and holds the two against each other.
    async fn settled(&mut self, page: &Page) -> Result<Replayed> {
        let (stored, replayed) = page
            .until("all to be stored", async || {
                page.ready().await?;
                let stored = page.stored().await?;
                let replayed = replay(&stored.log)?;
                let events = page.events().await?;
                let stored_all = replayed.in_flight.is_empty() && replayed.events == events;
                Ok(stored_all.then_some((stored, replayed)))
            })
            .await?;
        self.figures.torn.extend(replayed.torn(&stored));
        self.figures.torn.extend(replayed.failures.iter().cloned());
        Ok(replayed)
    }
}

async fn sleep(millis: u32) {
    tokio::time::sleep(Duration::from_millis(millis.into())).await;
}

/// The address of a file beside the page: from there the database can be looked at before the
/// page's own code runs.
async fn beside(page: &Page) -> Result<String> {
    let client = reqwest::Client::builder().no_proxy().build()?;
    let text = client.get(page.site()).send().await?.text().await?;
    let sheet = text.split('"').find(|part| part.ends_with(".css"));
    let sheet = sheet.ok_or("the page has no style sheet")?;
    Ok(format!(
        "{}{}",
        page.site(),
        sheet.trim_start_matches(['.', '/'])
    ))
}
