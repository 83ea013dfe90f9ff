//! Back and forth in time: by steps, by the timeline, by the log; and on from a moment.

use serde_json::json;
use swap_pager::units::{ObjectId, PageIndex};
use swap_playground_e2e::{LOOKS, Page, Result, StripeRow, visit};
use thirtyfour::Key;

const PAGES: u32 = 64;

/// What is seen of a moment.
#[derive(Debug, PartialEq)]
struct Seen {
    free: u32,
    rows: Vec<StripeRow>,
    objects: Vec<u32>,
}

async fn seen(page: &Page) -> Result<Seen> {
    Ok(Seen {
        free: page.free_pages().await?,
        rows: page.stripe_table().await?,
        objects: page.objects().await?,
    })
}

/// Two disks, and an object that was filled. Returns what was seen before and after its pageout,
/// each with the moment.
async fn paged_out(page: &Page) -> Result<[(u64, Seen); 2]> {
    page.start_empty().await?;
    for _ in 0..2 {
        page.add_disk(1024).await?;
    }
    page.new_object(Some("heap"), PAGES).await?;
    page.fill("all").await?;
    let before = (page.events().await?, seen(page).await?);
    page.page_out("all").await?;
    let after = (page.events().await?, seen(page).await?);
    Ok([before, after])
}

#[tokio::test]
async fn steps_lead_back_to_what_was_seen_and_on_again() -> Result {
    visit(async |page| {
        let [before, after] = paged_out(page).await?;
        assert_eq!(page.moment().await?, (after.0, true));

        // By command, with the buttons.
        stride(page, "command").await?;
        page.press("transport-back").await?;
        page.until_moment(before.0).await?;
        assert_eq!(seen(page).await?, before.1);
        assert!(!page.moment().await?.1, "it is not the present");
        let badge = page.whole_text("time-badge").await?;
        let behind = after.0 - before.0;
        assert!(
            badge.contains(&format!("{behind} events behind")),
            "{badge}"
        );

        // By transfer: the first one starts once room was found for its pages.
        page.keys("]").await?;
        assert_eq!(page.in_flight().await?, 1);
        assert_eq!(page.free_pages().await?, before.1.free - 16);
        let first = page.moment().await?.0;
        page.keys("]").await?;
        page.keys("[").await?;
        page.until_moment(first).await?;
        assert_eq!(page.free_pages().await?, before.1.free - 16);

        // By event: as often on as back leads to the same.
        page.keys("l").await?;
        page.until_moment(after.0).await?;
        for _ in 0..12 {
            page.keys(",").await?;
        }
        page.until_moment(after.0 - 12).await?;
        for _ in 0..12 {
            page.keys(".").await?;
        }
        page.until_moment(after.0).await?;
        assert_eq!(seen(page).await?, after.1);
        assert!(page.moment().await?.1);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_timeline_is_scrubbed_by_keyboard_and_pointer() -> Result {
    visit(async |page| {
        let [before, after] = paged_out(page).await?;
        page.tab_to("timeline").await?;
        page.keys(Key::Home).await?;
        page.until_moment(0).await?;
        assert_eq!(seen(page).await?.objects, Vec::<u32>::new());
        page.tab_to("timeline").await?;
        page.keys(Key::End).await?;
        page.until_moment(after.0).await?;
        page.keys(Key::PageDown).await?;
        page.until_moment(before.0).await?;
        page.keys(Key::Right).await?;
        page.keys(Key::Right).await?;
        page.keys(Key::Left).await?;
        page.until_moment(before.0 + 1).await?;
        let now = page.attribute("timeline", "aria-valuenow").await?;
        assert_eq!(now, Some((before.0 + 1).to_string()));
        let text = page.attribute("timeline", "aria-valuetext").await?;
        let text = text.unwrap_or_default();
        assert!(text.contains("pageout heap 0..63"), "{text}");

        // A click in the middle, and a drag to the left edge.
        page.keys(Key::End).await?;
        page.until_moment(after.0).await?;
        let plot = page.find("timeline").await?;
        plot.click().await?;
        let middle = page
            .until("another moment", async || {
                let (at, _) = page.moment().await?;
                Ok((at != after.0).then_some(at))
            })
            .await?;
        assert!(
            middle.abs_diff(after.0 / 2) <= 1 + after.0 / 200,
            "{middle} of {}",
            after.0
        );
        let width = plot.rect().await?.width as i64;
        page.driver()
            .action_chain()
            .move_to_element_center(&plot)
            .click_and_hold()
            .move_by_offset(-width / 2, 0)
            .release()
            .perform()
            .await?;
        page.until_moment(0).await?;

        // The wheel's buttons zoom; the moment stays in view.
        let edges = async || -> Result<[u64; 2]> {
            page.moment().await?;
            let edge = async |name| -> Result<u64> {
                let value = page.attribute("timeline", name).await?;
                Ok(value.unwrap_or_default().parse()?)
            };
            Ok([edge("data-from").await?, edge("data-to").await?])
        };
        assert_eq!(edges().await?, [0, after.0]);
        page.press("timeline-in").await?;
        page.press("timeline-in").await?;
        page.next_frame().await?;
        let [from, to] = edges().await?;
        let quarter = after.0 / 4;
        assert!(
            from == 0 && to.abs_diff(quarter) <= 1,
            "{from} to {to}, not {quarter}"
        );
        page.keys("l").await?;
        page.until_moment(after.0).await?;
        let [from, to] = edges().await?;
        assert!(
            to == after.0 && from.abs_diff(after.0 - quarter) <= 1,
            "{from} to {to}"
        );
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_table_of_the_timeline_leads_to_its_moments() -> Result {
    visit(async |page| {
        let [before, _] = paged_out(page).await?;
        page.press("timeline-toggle").await?;
        // The row of the pageout's begin: the event after the moment before it.
        let moment = before.0 + 1;
        let button = format!("[data-testid=timeline-table] [data-moment=\"{moment}\"]");
        page.press_css(&button).await?;
        page.until_moment(moment).await?;
        let row = "return document.querySelector('[data-testid=timeline-table] tr.now')?.innerText ?? '';";
        let row: String = page.js(row, vec![]).await?;
        assert!(row.contains("pageout heap 0..63"), "{row}");
        assert_eq!(page.free_pages().await?, before.1.free);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn ticks_lie_where_the_events_are() -> Result {
    visit(async |page| {
        let [before, after] = paged_out(page).await?;
        let ink = page.style_color("--ink").await?;
        let picture = page.canvas("timeline-canvas").await?;
        let height = picture.rows().count();
        // The topmost row of ticks tells where commands begin and end.
        let commands = picture.runs(ink, height - 28);
        let width = picture.rows().next().map_or(0, <[_]>::len) as f64;
        let x = before.0 as f64 / after.0 as f64 * width;
        assert!(
            commands
                .iter()
                .any(|run| run.0 as f64 <= x + 2.0 && x - 2.0 <= run.1 as f64),
            "the pageout begins at {x}: {commands:?}"
        );
        // Free space falls within the pageout, and only there.
        let accent = page.style_color("--accent").await?;
        let top = |x: usize| {
            let column = picture.rows().map(|row| row[x]);
            let curve = column
                .take(height - 36)
                .position(|pixel| pixel.is_like(accent));
            curve.ok_or_else(|| format!("no curve at {x}"))
        };
        assert!(top(x as usize - 4)? < top(width as usize - 4)?);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn playing_reaches_the_present() -> Result {
    visit(async |page| {
        let [before, after] = paged_out(page).await?;
        page.chord(&[Key::Shift], '<').await?;
        page.until_moment(before.0).await?;
        // Slow enough to be met on the way however long a look takes; no frame skips an event.
        choose(page, "transport-speed", "2 / s").await?;
        page.press("transport-play").await?;
        let between = page
            .until("a moment on the way", async || {
                let (at, _) = page.moment().await?;
                Ok((at > before.0).then_some(at))
            })
            .await?;
        assert!(
            between < after.0,
            "{between}, of {} to {}",
            before.0,
            after.0
        );
        choose(page, "transport-speed", "250 / s").await?;
        page.until_moment(after.0).await?;
        assert_eq!(seen(page).await?, after.1);

        // Paused at the present, what happens waits to be watched.
        page.press("transport-play").await?;
        page.select("0").await?;
        page.press("read").await?;
        page.until("something to watch", async || {
            let there = page.count("time-badge").await? > 0;
            let waits = there && page.text("time-badge").await?.contains("to watch");
            Ok(waits.then_some(()))
        })
        .await?;
        assert_eq!(page.moment().await?.0, after.0);
        page.press("transport-now").await?;
        page.ready().await?;
        assert_eq!(page.moment().await?, (page.events().await?, true));
        assert_eq!(page.transferred("read").await?, 8);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_line_of_the_log_leads_to_its_moment() -> Result {
    visit(async |page| {
        let [before, _] = paged_out(page).await?;
        page.enter("log-filter", "getswapspace").await?;
        let second = "[data-testid=log] [data-line=\"1\"]";
        page.until("the lines to be filtered", async || {
            let text = "return document.querySelector(arguments[0])?.textContent ?? '';";
            let text: String = page.js(text, vec![json!(second)]).await?;
            Ok(text.contains("getswapspace").then_some(()))
        })
        .await?;
        let line: u64 = page.attribute_of(second, "data-seq").await?.parse()?;
        page.press_css(second).await?;
        page.until_moment(line).await?;
        let now = "[data-testid=log] .line.now";
        assert_eq!(page.attribute_of(now, "data-seq").await?, line.to_string());
        // Room for the second cluster is found just then; only that for the first is taken.
        assert_eq!(page.free_pages().await?, before.1.free - 16);

        // The same by keyboard, one line up.
        page.tab_to("log").await?;
        page.keys(Key::Up).await?;
        page.keys(Key::Enter).await?;
        page.until("the line above", async || {
            Ok((page.moment().await?.0 < line).then_some(()))
        })
        .await?;
        assert_eq!(page.free_pages().await?, before.1.free);
        let later = page.count_css("[data-testid=log] .line.later").await?;
        assert_eq!(later, 3, "lines of what was yet to come");
        // Each is one line, whatever it is marked as.
        let script = "
            const top = (part) => part.getBoundingClientRect().top;
            const lines = [...document.querySelectorAll('[data-testid=log] .line')];
            const apart = lines.filter(({ children: [head, rest] }) => Math.abs(top(head) - top(rest)) > 3);
            return apart.map((line) => line.innerText);";
        let apart: Vec<String> = page.js(script, vec![]).await?;
        assert_eq!(apart, [""; 0], "lines that fall apart");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_is_done_in_the_past_is_asked_about() -> Result {
    visit(async |page| {
        let [before, after] = paged_out(page).await?;
        page.keys("<").await?;
        page.until_moment(before.0).await?;

        page.press("fill").await?;
        page.press("past-cancel").await?;
        page.until_there("past-cancel", false).await?;
        page.next_frame().await?;
        assert_eq!(page.events().await?, after.0, "nothing has happened");
        assert_eq!(page.moment().await?.0, before.0);

        // In the present all pages are on swap: filling writes them anew, and frees the blocks.
        page.press("fill").await?;
        page.press("past-now").await?;
        page.until_there("past-now", false).await?;
        page.ready().await?;
        assert!(page.moment().await?.1);
        page.until_log_tells("freeswapspace").await?;
        assert_eq!(page.free_pages().await?, before.1.free);
        assert!(page.events().await? > after.0);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_moment_is_gone_on_from_on_the_disks_too() -> Result {
    visit(async |page| {
        let [_, after] = paged_out(page).await?;
        // What is on swap now is overwritten and goes out again, and that is taken back.
        page.write(3, "what never was").await?;
        page.page_out("all").await?;
        page.keys("<").await?;
        page.keys("<").await?;
        page.until_moment(after.0).await?;
        page.press("transport-go-on").await?;
        page.press("go-on-confirm").await?;
        page.until("the moment to be the present", async || {
            Ok((page.moment().await? == (after.0, true)).then_some(()))
        })
        .await?;
        page.ready().await?;
        assert_eq!(seen(page).await?, after.1);

        // Another past comes of it: the first page is read. And once more it is gone back, with
        // a command that is to be done there.
        page.read("0").await?;
        page.keys("<").await?;
        page.until_moment(after.0).await?;
        page.select("32").await?;
        page.press("read").await?;
        page.press("past-go-on").await?;
        page.until_there("past-go-on", false).await?;
        page.until_log_tells("read heap 32").await?;
        page.ready().await?;
        assert!(page.moment().await?.1);
        let reads = page.log_lines("strategy read").await?;
        assert_eq!(reads.len(), 1, "{reads:?}");

        let stored = page.stored().await?;
        let pattern = stored.first_fill()?;
        page.reload().await?;
        page.choose(1).await?;
        page.read("all").await?;
        for number in 0..PAGES {
            let written = pattern.bytes(ObjectId(1), PageIndex(number));
            assert!(page.bytes(number).await? == written, "page {number}");
        }
        Ok(())
    })
    .await
}

/// Waits until what the selector finds is shown, or until it isn't.
async fn until_shown(page: &Page, selector: &str, shown: bool) -> Result {
    page.until(&format!("{selector} to be shown: {shown}"), async || {
        Ok((page.shown(selector).await? == shown).then_some(()))
    })
    .await
}

#[tokio::test]
async fn panels_are_resized_and_hidden_and_stay_so() -> Result {
    visit(async |page| {
        page.start_empty().await?;
        let width =
            async || -> Result<f64> { Ok(page.find_css(".objects").await?.rect().await?.width) };
        let usual = width().await?;
        page.tab_to("border-objects").await?;
        page.keys(Key::Right).await?;
        page.keys(Key::Right).await?;
        assert_eq!(width().await?, usual + 48.0);
        page.keys("2").await?;
        until_shown(page, ".side", false).await?;
        page.add_disk(256).await?;
        page.reload().await?;
        assert_eq!(width().await?, usual + 48.0);
        assert!(!page.shown(".side").await?);
        page.press("fold-side").await?;
        until_shown(page, ".side", true).await?;
        page.keys("f").await?;
        until_shown(page, ".objects", false).await?;
        // What fills the screen has the page's ground, and not the black of what lies under it.
        let script = "
            const grounds = [document.fullscreenElement, document.body];
            return grounds[0] && grounds.map((element) => getComputedStyle(element).backgroundColor);";
        let grounds = page
            .until("the screen to be filled", async || {
                page.js::<Option<Vec<String>>>(script, vec![]).await
            })
            .await?;
        assert_eq!(grounds[0], grounds[1]);
        page.keys("f").await?;
        until_shown(page, ".objects", true).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_swipe_leads_to_the_next_tab() -> Result {
    visit(async |page| {
        page.start_empty().await?;
        page.new_object(Some("heap"), 16).await?;
        page.look(LOOKS[2]).await?;
        page.show_tab("inspector").await?;
        for (from, to, tab) in [(300, 60, "log"), (60, 300, "inspector"), (60, 300, "views")] {
            swipe(page, from, to).await?;
            page.until(&format!("the tab {tab}"), async || {
                let shown = page.attribute_of("main", "data-tab").await?;
                Ok((shown == tab).then_some(()))
            })
            .await?;
        }
        Ok(())
    })
    .await
}

/// A finger goes sideways over the middle of a narrow screen's head of the panel.
async fn swipe(page: &Page, from: i32, to: i32) -> Result {
    let devtools = page.driver().cdp();
    let touch = |kind: &str, x: Option<i32>| {
        let points: Vec<_> = x.iter().map(|x| json!({ "x": x, "y": 480 })).collect();
        json!({ "type": kind, "touchPoints": points })
    };
    let way = [
        touch("touchStart", Some(from)),
        touch("touchMove", Some((from + to) / 2)),
        touch("touchMove", Some(to)),
        touch("touchEnd", None),
    ];
    for step in way {
        devtools.send_raw("Input.dispatchTouchEvent", step).await?;
    }
    Ok(())
}

#[tokio::test]
async fn time_is_accessible() -> Result {
    visit(async |page| {
        let [before, _] = paged_out(page).await?;
        page.keys("<").await?;
        page.until_moment(before.0).await?;
        for look in LOOKS {
            page.look(look).await?;
            page.is_accessible(&format!("the past, {look}")).await?;
            for tab in page.tabs().await? {
                page.show_tab(&tab).await?;
                page.is_accessible(&format!("the past, {tab}, {look}"))
                    .await?;
                page.find("transport-play").await?;
                page.find("timeline").await?;
            }
        }
        page.look(LOOKS[0]).await?;
        page.press("timeline-toggle").await?;
        page.is_accessible("the timeline's table").await?;
        page.press("fill").await?;
        page.find("past-now").await?;
        page.is_accessible("the question").await
    })
    .await
}

/// Chooses how far a step goes.
async fn stride(page: &Page, name: &str) -> Result {
    choose(page, "transport-stride", name).await
}

async fn choose(page: &Page, id: &str, option: &str) -> Result {
    let field = page.find(id).await?;
    let options = field.find_all(thirtyfour::By::Css("option")).await?;
    for found in options {
        if found.text().await?.replace('\u{202f}', " ") == option {
            found.click().await?;
            return page.next_frame().await;
        }
    }
    Err(format!("{id} has no {option}").into())
}
