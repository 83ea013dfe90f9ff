//! Measures frames of the page with a large machine, and prints figures. Nothing passes or fails.
//!
//! The machine is made as a person makes it: four disks of 262,144 pages in memory, half of them
//! filled. Of each part it tells how far apart frames were, how long the page worked on one (from
//! its first callback until scripts, style, layout and painting were done and the page could do
//! something else), how many frames were late, and how many tasks took more than 50 ms.

use serde::Deserialize;
use swap_playground_e2e::{Page, Result, visit};

/// Pages of each disk.
const DISK: u32 = 262_144;
/// Pages of each object: half of each disk, as four objects.
const OBJECT: u32 = DISK / 2;
/// Pages of the pageout that is measured.
const PAGEOUT: u32 = 65_536;
/// Frames of memory: room for all pages of the pageout, so that one command finds them all dirty.
const MEMORY: u32 = 131_072;
/// Pages that are filled and paged out at a time while the machine is built.
const CHUNK: u32 = 32_768;
/// Presses of a key while moving through time.
const PRESSES: u32 = 120;

/// What goes on in the page while something runs: see `START`.
#[derive(Debug, Deserialize)]
struct Frames {
    /// Milliseconds between frames.
    apart: Vec<f64>,
    /// Milliseconds that tasks took which took more than 50.
    long: Vec<f64>,
    /// Milliseconds of work in frames.
    work: Vec<f64>,
}

/// Counts frames until `STOP`. A message that a frame sends is read when all else in it is done.
const START: &str = "
    const run = window.frameRun = { apart: [], long: [], work: [], on: true };
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data: begun }) => run.work.push(performance.now() - begun);
    let last = null;
    const tick = (due) => {
        if (last !== null) run.apart.push(due - last);
        last = due;
        port2.postMessage(performance.now());
        if (run.on) requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
    run.observer = new PerformanceObserver((list) =>
        run.long.push(...list.getEntries().map((entry) => entry.duration)));
    run.observer.observe({ type: 'longtask' });";

const STOP: &str = "
    const run = window.frameRun;
    run.on = false;
    await new Promise((done) => setTimeout(done, 60));
    run.observer.disconnect();
    return { apart: run.apart, long: run.long, work: run.work };";

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
    page.press("machine").await?;
    page.enter("machine-frames", &MEMORY.to_string()).await?;
    page.press("numbers-submit").await?;
    page.until_there("numbers-submit", false).await?;
    page.ready().await?;
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
    println!("first paint of the map, scripting: median, 95 %, most:");
    println!("{:26} {}", "", spread(&times));
    println!("then milliseconds between frames, and of work on a frame: median, 95 %, most;");
    println!("frames later than the next one was due, of how many; tasks of more than 50 ms:");
    Ok(())
}

/// Runs a script in the page and counts frames meanwhile. It begins with a frame that is counted:
/// so what it does at once counts too.
async fn during(page: &Page, name: &str, script: &str) -> Result {
    let () = page.js(&format!("{START} return null;"), vec![]).await?;
    let first = "for (let i = 0; i < 3; i++) await new Promise(requestAnimationFrame);";
    let ran: Result<()> = page.js_async(&format!("{first} {script}"), vec![]).await;
    let frames: Frames = page.js_async(STOP, vec![]).await?;
    ran?;
    let late = frames.apart.iter().filter(|ms| **ms > 17.5).count();
    println!(
        "{name:26} {} {} {late:6} {:6} {:6}",
        spread(&frames.apart),
        spread(&frames.work),
        frames.apart.len(),
        frames.long.len(),
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

/// Moves through time: event by event and transfer by transfer as keys do, along the last 20,000
/// events as a pointer does, and to the first moment that can be reached and back.
async fn scrub(page: &Page) -> Result {
    let keys = |keys: &str| {
        format!(
            "const line = document.querySelector('[data-testid=timeline]');
            line.focus();
            for (const [key, shiftKey] of {keys}) for (let i = 0; i < {PRESSES}; i++) {{
                line.dispatchEvent(new KeyboardEvent('keydown', {{ key, shiftKey, bubbles: true, cancelable: true }}));
                await new Promise(requestAnimationFrame);
            }}
            return null;"
        )
    };
    let events = keys("[['ArrowLeft', false], ['ArrowRight', false]]");
    during(page, "scrub, an event a frame", &events).await?;
    let transfers = keys("[['ArrowLeft', true], ['ArrowRight', true]]");
    during(page, "scrub, a transfer a frame", &transfers).await?;
    let drag = "
        const line = document.querySelector('[data-testid=timeline]');
        const next = () => new Promise(requestAnimationFrame);
        const { left, top, width } = line.getBoundingClientRect();
        const { ariaValueMin: first, ariaValueMax: last } = line;
        const back = 20000 / Math.max(last - first, 20000) * width;
        const send = (type, x) => line.dispatchEvent(new PointerEvent(type, { bubbles: true, pointerId: 1,
            isPrimary: true, button: 0, buttons: 1, clientX: left + x, clientY: top + 20 }));
        send('pointerdown', width - 1);
        for (let i = 0; i < 240; i++) {
            send('pointermove', width - 1 - back * (1 - Math.abs(1 - i / 120)));
            await next();
        }
        send('pointerup', width);
        return null;";
    during(page, "drag over 20,000 events", drag).await?;
    let jump = |to| {
        format!(
        "const line = document.querySelector('[data-testid=timeline]');
        line.dispatchEvent(new KeyboardEvent('keydown', {{ key: '{to}', bubbles: true, cancelable: true }}));
        for (let i = 0; i < 3; i++) await new Promise(requestAnimationFrame);
        return null;"
    )
    };
    during(page, "jump to the start", &jump("Home")).await?;
    during(page, "jump to the end", &jump("End")).await?;
    let live = "document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'l', bubbles: true })); return null;";
    let () = page.js(live, vec![]).await?;
    page.ready().await
}

/// Fills pages anew, and pages them out.
async fn pageout(page: &Page) -> Result {
    page.choose(1).await?;
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
    for (button, part) in [("fill", "fill"), ("pageout", "pageout")] {
        let before = page.events().await?;
        during(page, part, &run(button)).await?;
        page.ready().await?;
        // What was measured is what the page says it did.
        let (result, after) = (page.text("last-result").await?, page.events().await?);
        println!("    {result}; {} events", after - before);
    }
    Ok(())
}

/// Median, 95th percentile and maximum.
fn spread(times: &[f64]) -> String {
    let mut times = times.to_vec();
    times.sort_by(f64::total_cmp);
    let last = times.len().saturating_sub(1) as f64;
    let at = |share: f64| times.get((last * share).round() as usize).unwrap_or(&0.0);
    format!("{:7.1} {:7.1} {:7.1}", at(0.5), at(0.95), at(1.0))
}
