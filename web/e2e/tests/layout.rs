//! The page fits its screen, wide and narrow, light and dark, and shuts nobody out.

use serde::Deserialize;
use swap_playground_e2e::scenes::{self, Act};
use swap_playground_e2e::{LOOKS, Look, MORE_LOOKS, Page, Result, Scheme, Screen, visit};

/// Every scene of an act fits all screens; axe-core looks at those of a computer and a phone.
async fn check(act: Act) -> Result {
    let looks: Vec<Look> = LOOKS.into_iter().chain(MORE_LOOKS).collect();
    visit(async |page| {
        scenes::play(act, page, &looks, async |scene, look| {
            let name = format!("{scene}, {look}");
            fits(page, &name, look.screen == Screen::Narrow).await?;
            if look.screen == Screen::Middle {
                return Ok(());
            }
            match look.scheme {
                Scheme::Light => page.is_accessible(&name).await,
                Scheme::Dark => page.has_contrast(&name).await,
            }
        })
        .await
    })
    .await
}

#[tokio::test]
async fn the_start_fits_and_is_accessible() -> Result {
    check(Act::Start).await
}

#[tokio::test]
async fn all_views_fit_and_are_accessible() -> Result {
    check(Act::Views).await
}

#[tokio::test]
async fn the_past_fits_and_is_accessible() -> Result {
    check(Act::Time).await
}

#[tokio::test]
async fn all_dialogs_fit_and_are_accessible() -> Result {
    check(Act::Dialogs).await
}

#[tokio::test]
async fn faults_fit_and_are_accessible() -> Result {
    check(Act::Faults).await
}

#[tokio::test]
async fn disks_that_refuse_fit_and_are_accessible() -> Result {
    check(Act::Storage).await
}

#[tokio::test]
async fn a_lesson_fits_and_is_accessible() -> Result {
    check(Act::Lesson).await
}

/// The tab of a view is in view, as a whole and not faded.
async fn tab_is_in_view(page: &Page, view: &str) -> Result {
    let script = "const tabs = document.querySelector('.view-tabs'), { paddingLeft, paddingRight } = getComputedStyle(tabs);
        const [tab, all] = [document.querySelector(arguments[0]), tabs].map((element) => element.getBoundingClientRect());
        return [tab.left - all.left - parseFloat(paddingLeft), all.right - parseFloat(paddingRight) - tab.right];";
    let tab = format!("[data-testid=view-{view}]");
    let room: [f64; 2] = page.js(script, vec![serde_json::json!(tab)]).await?;
    assert!(room[0] >= -1.0 && room[1] >= -1.0, "{view}: {room:?}");
    Ok(())
}

#[tokio::test]
async fn on_a_phone_the_tab_of_the_view_comes_into_view() -> Result {
    visit(async |page| {
        page.start_empty().await?;
        page.look(LOOKS[2]).await?;
        page.show_tab("views").await?;
        page.press("view-stripes").await?;
        for view in ["memory", "tree", "stripes", "buffers"] {
            // As its neighbours lead there by keyboard, or a finger that moves the tabs.
            let script = "document.querySelector(arguments[0]).click();";
            let tab = format!("[data-testid=view-{view}]");
            let () = page.js(script, vec![serde_json::json!(tab)]).await?;
            page.next_frame().await?;
            tab_is_in_view(page, view).await?;
        }
        // There was room for it, and then there is none: a phone that is turned.
        for view in ["memory", "stripes", "buffers"] {
            page.look(Look::default()).await?;
            page.press(&format!("view-{view}")).await?;
            page.look(LOOKS[2]).await?;
            page.settled().await?;
            tab_is_in_view(page, view).await?;
        }
        Ok(())
    })
    .await
}

/// Buttons of the upper edge that lie over each other.
async fn overlaps(page: &Page) -> Result<Vec<String>> {
    let script = "const all = Array.from(document.querySelectorAll('.top button:not([popover] *), .top select, .top h1, .top .badge'))
            .filter((element) => element.checkVisibility() && element.clientWidth > 1);
        const found = [];
        for (const [n, one] of all.entries()) for (const other of all.slice(n + 1)) {
            if (one.contains(other)) continue;
            const [a, b] = [one.getBoundingClientRect(), other.getBoundingClientRect()];
            const cut = (side, size) => Math.min(a[side] + a[size], b[side] + b[size]) - Math.max(a[side], b[side]);
            if (cut('left', 'width') > 0.5 && cut('top', 'height') > 0.5) found.push(`${one.outerHTML.slice(0, 90)} and ${other.outerHTML.slice(0, 90)}`);
        }
        return found;";
    page.js(script, vec![]).await
}

#[tokio::test]
async fn no_button_of_the_upper_edge_lies_over_another() -> Result {
    let widths = [1920, 1440, 1180, 1024, 840, 761, 390];
    let check = async |page: &Page, scene: &str| -> Result {
        for width in widths {
            page.resize((width, 800), false).await?;
            page.settled().await?;
            let found = overlaps(page).await?;
            assert!(found.is_empty(), "{scene}, {width}: {found:#?}");
            let wide: bool = page
                .js(
                    "return document.documentElement.scrollWidth > innerWidth;",
                    vec![],
                )
                .await?;
            assert!(!wide, "{scene}, {width} is too wide");
        }
        page.look(Look::default()).await
    };
    visit(async |page| {
        page.start_empty().await?;
        page.add_disk(4096).await?;
        page.new_object(Some("heap"), 64).await?;
        page.fill("all").await?;
        check(page, "the present").await?;
        for _ in 0..3 {
            page.press("transport-back").await?;
        }
        check(page, "the past").await?;
        // In memory, with a lesson and without.
        page.driver()
            .goto(format!("{}?storage=memory", page.site()))
            .await?;
        page.start_empty().await?;
        page.add_disk(4096).await?;
        check(page, "in memory").await?;
        page.press("transport-back").await?;
        check(page, "in memory, the past").await?;
        page.driver()
            .goto(format!("{}?lesson=clusters", page.site()))
            .await?;
        page.press("lesson-begin").await?;
        page.ready().await?;
        check(page, "a lesson").await?;
        page.press("transport-back").await?;
        check(page, "a lesson, the past").await
    })
    .await
}

/// Phones held across, the smallest phone, tablets either way, projectors, a frame in a page.
const SHAPES: [(u32, u32); 8] = [
    (844, 390),
    (932, 430),
    (320, 568),
    (768, 1024),
    (834, 1194),
    (1024, 600),
    (1280, 720),
    (800, 600),
];

/// A scene fits screens of all shapes.
async fn fits_all_shapes(page: &Page, scene: &str) -> Result {
    for (width, height) in SHAPES {
        page.resize((width, height), false).await?;
        let scene = format!("{scene}, {width} by {height}");
        fits(page, &scene, width <= 760).await?;
        let figures: bool = page
            .js("return Array.from(document.querySelectorAll('.map-head > span')).every((span) => span.scrollWidth <= span.clientWidth + 1);", vec![])
            .await?;
        assert!(figures, "{scene}: figures of disks are cut");
    }
    page.look(Look::default()).await
}

#[tokio::test]
async fn screens_of_other_shapes_fit() -> Result {
    visit(async |page| {
        page.run_demo().await?;
        page.press("demo-stop").await?;
        fits_all_shapes(page, "the stage").await?;
        page.press("transport-back").await?;
        fits_all_shapes(page, "the past").await?;
        page.press("timeline-toggle").await?;
        fits_all_shapes(page, "time as a table").await?;
        page.driver()
            .goto(format!("{}?lesson=striping", page.site()))
            .await?;
        page.press("lesson-begin").await?;
        page.find("answer").await?;
        fits_all_shapes(page, "a lesson").await
    })
    .await
}

#[derive(Deserialize)]
struct Extent {
    width: f64,
    height: f64,
    inner_width: f64,
    inner_height: f64,
    /// Elements that reach out of the screen at the side.
    outside: Vec<String>,
    /// Buttons of the upper edge and of the transport that are cut off, or in a row too many.
    cramped: Vec<String>,
    /// Words and numbers of which only a part is seen, with nothing to say so.
    cut: Vec<String>,
    /// What is larger than the panel it is in.
    spilled: Vec<String>,
}

/// Finds text that goes over the edge of what hides it: `cut`.
const CUT: &str = "
    const cut = new Set();
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const text = texts.currentNode;
        if (!text.data.trim() || !text.parentElement.checkVisibility({ visibilityProperty: true })) continue;
        const range = document.createRange();
        range.selectNodeContents(text);
        for (let box = text.parentElement; box !== document.body; box = box.parentElement) {
            const { clipPath, overflowX, overflowY, textOverflow, webkitLineClamp } = getComputedStyle(box);
            // What is only read out, what says that it is cut, and what can be scrolled to.
            if (clipPath !== 'none' || textOverflow === 'ellipsis' || /auto|scroll/.test(overflowX + overflowY)) break;
            if (!/hidden|clip/.test(overflowX + overflowY)) continue;
            const edge = box.getBoundingClientRect();
            for (const { left, right, top, bottom } of range.getClientRects()) {
                const aside = left < edge.right - 2 && right > edge.right + 2;
                const below = webkitLineClamp === 'none' && top < edge.bottom - 4 && bottom > edge.bottom + 4;
                if (aside || below) cut.add(`${text.data.trim().slice(0, 60)} in ${box.outerHTML.slice(0, 80)}`);
            }
        }
    }";

/// Never anything to scroll sideways, and nothing at all on a computer's screen, which is not a
/// `narrow` one. No button of the upper edge is cut off, no words anywhere, and panels hold what is in them.
async fn fits(page: &Page, scene: &str, narrow: bool) -> Result {
    page.settled().await?;
    let script = format!("{CUT} const {{ scrollWidth, scrollHeight }} = document.documentElement;
        const out = Array.from(document.querySelectorAll('body *'))
            .filter((element) => element.getBoundingClientRect().right > innerWidth + 1);
        const top = Array.from(document.querySelectorAll('.top button, .top select')).filter((e) => e.checkVisibility());
        const cramped = top.filter((e) => e.scrollWidth > e.clientWidth + 1
            || e.getBoundingClientRect().right > innerWidth || e.getBoundingClientRect().left < 0);
        const under = (one, other) => one.getBoundingClientRect().bottom > other.getBoundingClientRect().bottom + 1;
        const spilled = Array.from(document.querySelectorAll('.panel, .side, .bottom'))
            .filter((panel) => panel.checkVisibility() && !/auto|scroll/.test(getComputedStyle(panel).overflowY))
            .flatMap((panel) => Array.from(panel.children).filter((e) => e.checkVisibility() && under(e, panel)));
        for (const control of document.querySelectorAll('button, input, select')) {{
            const around = control.parentElement, {{ display, overflowX }} = getComputedStyle(around);
            const {{ position, marginRight }} = getComputedStyle(control);
            if (!control.checkVisibility() || /contents|inline/.test(display) || overflowX !== 'visible') continue;
            // What is moved out of its place is meant to be there.
            if (position === 'absolute' || parseFloat(marginRight) < 0) continue;
            const [a, b] = [control, around].map((element) => element.getBoundingClientRect());
            if (a.left < b.left - 1 || a.right > b.right + 1) spilled.push(control);
        }}
        return {{ spilled: spilled.map((e) => e.outerHTML.slice(0, 120)), cut: [...cut], cramped: cramped.map((e) => e.outerHTML.slice(0, 120)), width: scrollWidth, height: scrollHeight, inner_width: innerWidth,
            inner_height: innerHeight, outside: out.slice(0, 10).map((e) => e.outerHTML.slice(0, 120)) }};");
    let Extent {
        width,
        height,
        inner_width,
        inner_height,
        outside,
        cramped,
        cut,
        spilled,
    } = page.js(&script, vec![]).await?;
    assert!(
        width <= inner_width,
        "{scene}: {width} pixels wide. {outside:#?}"
    );
    assert!(cramped.is_empty(), "{scene}: {cramped:#?}");
    assert!(cut.is_empty(), "{scene}: {cut:#?}");
    assert!(spilled.is_empty(), "{scene}: {spilled:#?}");
    if !narrow {
        assert!(
            height <= inner_height,
            "{scene}: {height} pixels high, of {inner_height} in view"
        );
    }
    Ok(())
}
