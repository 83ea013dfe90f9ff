//! Measures frames of the page with a large machine, and prints figures. Nothing passes or fails.
//!
//! The machine is made as a person makes it: four disks of 262,144 pages in memory, half of them
//! filled. Of each part it tells how far apart frames were, how long the page's own callbacks of
//! a frame ran (its scripts between the first and the last `requestAnimationFrame` callback), and
//! how much of the time went into tasks of more than 50 ms.

use serde::Deserialize;
use serde_json::json;
use swap_playground_e2e::{Page, Result, visit};

/// Pages of each disk.
const DISK: u32 = 262_144;
/// Pages of each object: half of each disk, as four objects.
const OBJECT: u32 = DISK / 2;
/// Pages of the pageout that is measured.
const PAGEOUT: u32 = 65_536;
/// Pages that are filled and paged out at a time: fewer than there are frames.
const CHUNK: u32 = 16_384;

/// What goes on in the page while something runs: see `START`.
#[derive(Debug, Deserialize)]
struct Frames {
    /// Milliseconds between frames.
    apart: Vec<f64>,
    /// Milliseconds that tasks took which took more than 50.
    long: Vec<f64>,
    /// Milliseconds of scripts in frames.
    script: Vec<f64>,
}

/// Counts frames until `STOP`. What the page asks to be called at a frame is timed.
const START: &str = "
    const run = window.frameRun = { apart: [], long: [], script: [], on: true };
    if (!window.plainFrame) {
        window.plainFrame = window.requestAnimationFrame.bind(window);
        window.requestAnimationFrame = (call) => window.plainFrame((now) => {
            const start = performance.now();
            call(now);
            // What a frame has the page do after it, it does in microtasks.
            queueMicrotask(() => queueMicrotask(() =>
                window.frameRun?.script.push(performance.now() - start)));
        });
    }
    let last = null;
    const tick = (now) => {
        if (last !== null) run.apart.push(now - last);
        last = now;
        if (run.on) window.plainFrame(tick);
    };
    window.plainFrame(tick);
    run.observer = new PerformanceObserver((list) =>
        run.long.push(...list.getEntries().map((entry) => entry.duration)));
    run.observer.observe({ type: 'longtask' });";

const STOP: &str = "
    const run = window.frameRun;
    run.on = false;
    await new Promise((done) => setTimeout(done, 60));
    run.observer.disconnect();
    return { apart: run.apart, long: run.long, script: run.script };";

#[tokio::main]
async fn main() -> Result {
    visit(async |page| {
        let address = page.driver().current_url().await?;
        let site = address.as_str().trim_end_matches('/');
        page.driver()
            .goto(format!("{site}/?storage=memory"))
            .await?;
        page.ready().await?;
        build(page).await?;
        first_paint(page).await?;
        moves(page).await?;
        scrub(page).await?;
        pageout(page).await
    })
    .await
}

/// Four disks, half filled.
async fn build(page: &Page) -> Result {
    let begun = std::time::Instant::now();
    page.start_empty().await?;
    for _ in 0..4 {
        page.add_disk(DISK).await?;
    }
    for object in 1..=4 {
        page.new_object(Some(&format!("object {object}")), OBJECT)
            .await?;
        for first in (0..OBJECT).step_by(CHUNK as usize) {
            let range = format!("{first}..{}", first + CHUNK - 1);
            page.fill(&range).await?;
            page.page_out(&range).await?;
        }
    }
    let seconds = begun.elapsed().as_secs_f64();
    println!(
        "built in {seconds:.0} s: 4 disks of {DISK} pages, {} in use",
        4 * OBJECT
    );
    Ok(())
}

async fn first_paint(page: &Page) -> Result {
    let script = "
        const press = (id) => document.querySelector(`[data-testid=${id}]`).click();
        const frames = (n) => new Promise((done) => {
            const next = () => n-- > 0 ? requestAnimationFrame(next) : done();
            next();
        });
        const times = [];
        for (let i = 0; i < 9; i++) {
            press('view-tree');
            await frames(3);
            const start = performance.now();
            press('view-stripes');
            // The page draws in microtasks of the press and in the frame after it.
            await Promise.resolve();
            const drawn = performance.now() - start;
            await new Promise((done) => requestAnimationFrame(() => {
                const at = performance.now();
                queueMicrotask(() => queueMicrotask(() => {
                    times.push(drawn + performance.now() - at);
                    done();
                }));
            }));
            await frames(3);
        }
        return times;";
    let times: Vec<f64> = page.js_async(script, vec![]).await?;
    tell("first paint of the map, scripting", &times, "ms");
    Ok(())
}

/// Runs a script in the page and counts frames meanwhile.
async fn during(page: &Page, name: &str, script: &str) -> Result {
    let () = page.js(&format!("{START} return null;"), vec![]).await?;
    let ran: Result<()> = page.js_async(script, vec![json!(PAGEOUT)]).await;
    let frames: Frames = page.js_async(STOP, vec![]).await?;
    ran?;
    tell(&format!("{name}, between frames"), &frames.apart, "ms");
    tell(&format!("{name}, scripting a frame"), &frames.script, "ms");
    let all: f64 = frames.long.iter().sum();
    let late = frames.apart.iter().filter(|ms| **ms > 17.5).count();
    println!(
        "    {} long tasks, {all:.0} ms in all; {late} of {} frames later than the next one was due",
        frames.long.len(),
        frames.apart.len()
    );
    Ok(())
}

async fn moves(page: &Page) -> Result {
    let pan = "
        const map = document.querySelector('[data-testid=stripe-map]');
        const next = () => new Promise(requestAnimationFrame);
        for (let i = 0; i < 4; i++) document.querySelector('[data-testid=zoom-in]').click(), await next();
        for (let i = 0; i < 240; i++) {
            map.scrollTop += i % 120 < 60 ? 90 : -90;
            await next();
        }
        return null;";
    during(page, "pan", pan).await?;
    let zoom = "
        const map = document.querySelector('[data-testid=stripe-map]');
        const next = () => new Promise(requestAnimationFrame);
        const { left, top } = map.getBoundingClientRect();
        for (let i = 0; i < 240; i++) {
            map.dispatchEvent(new WheelEvent('wheel', { bubbles: true, cancelable: true, ctrlKey: true,
                deltaY: i % 160 < 80 ? -12 : 12, clientX: left + 200, clientY: top + 200 }));
            await next();
        }
        document.querySelector('[data-testid=zoom-all]').click();
        return null;";
    during(page, "zoom", zoom).await
}

/// Moves through time as keys do, as far as the timeline can be reached that way.
async fn scrub(page: &Page) -> Result {
    let script = "
        const next = () => new Promise(requestAnimationFrame);
        const line = document.querySelector('[data-testid=timeline-slider], input[type=range], [role=slider]');
        if (!line) return null;
        line.focus();
        for (let i = 0; i < 120; i++) {
            const key = i < 60 ? 'PageUp' : 'PageDown';
            line.dispatchEvent(new KeyboardEvent('keydown', { key: i < 60 ? 'ArrowLeft' : 'ArrowRight',
                bubbles: true, cancelable: true, code: key }));
            await next();
        }
        return null;";
    let there: bool = page
        .js(
            "return document.querySelector('[role=slider], input[type=range]') !== null;",
            vec![],
        )
        .await?;
    if !there {
        println!("scrubbing: there is no timeline to move on");
        return Ok(());
    }
    during(page, "scrubbing", script).await
}

/// Fills pages anew, and pages them out.
async fn pageout(page: &Page) -> Result {
    page.choose(1).await?;
    // There have to be frames for all of them: what is not, the daemon makes.
    page.select(&format!("0..{}", PAGEOUT - 1)).await?;
    let run = |button: &str| {
        format!(
            "const main = document.querySelector('main');
            const next = () => new Promise(requestAnimationFrame);
            document.querySelector('[data-testid={button}]').click();
            await next(); await next();
            const end = performance.now() + 50000;
            while (main.dataset.busy === 'true' && performance.now() < end) await next();
            return null;"
        )
    };
    during(page, "filling 65,536 pages", &run("fill")).await?;
    page.ready().await?;
    during(page, "pageout of 65,536 pages", &run("pageout")).await?;
    page.ready().await
}

/// Median, 95th percentile and maximum.
fn tell(name: &str, times: &[f64], unit: &str) {
    let mut times = times.to_vec();
    times.sort_by(f64::total_cmp);
    let Some(last) = times.len().checked_sub(1) else {
        println!("{name}: nothing was measured");
        return;
    };
    let at = |share: f64| times[(last as f64 * share).round() as usize];
    println!(
        "{name}: median {:.1}, 95 % {:.1}, most {:.1} {unit} ({} in all)",
        at(0.5),
        at(0.95),
        at(1.0),
        times.len()
    );
}
