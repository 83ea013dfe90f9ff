//! A lesson shown to a room, without a mouse, and the window of who speaks.

use swap_playground_e2e::{Look, Page, Result, Scheme, Screen, visit};
use thirtyfour::Key;

async fn at(page: &Page, place: &str, done: &str) -> Result {
    page.until(
        &format!("the lesson to be at {place}, done: {done}"),
        async || {
            let lesson = "[data-testid=lesson]";
            let now = page.attribute_of(lesson, "data-place").await?;
            let is = page.attribute_of(lesson, "data-done").await?;
            Ok((now == place && is == done).then_some(()))
        },
    )
    .await?;
    page.ready().await
}

#[tokio::test]
async fn a_lesson_is_presented_by_keys_alone() -> Result {
    visit(async |page| {
        page.driver()
            .goto(format!("{}?lesson=striping&present", page.site()))
            .await?;
        at(page, "cover", "true").await?;
        let room = page.driver().window().await?;
        // Large, and nothing but the lesson and the view.
        let script = "const stage = document.querySelector('.stage');
            const size = (element) => parseFloat(getComputedStyle(element).fontSize) * element.currentCSSZoom;
            return [size(document.querySelector('.lesson-step')), ...['.objects', '.side', '.bottom', '.transport', '.top-actions']
                .map((part) => stage.querySelector(part).checkVisibility() ? 1 : 0)];";
        for (screen, least) in [(Screen::Middle, 18.0), (Screen::Wide, 20.0), (Screen::Huge, 44.0)] {
            page.look(Look { screen, scheme: Scheme::Light }).await?;
            let seen: Vec<f64> = page.js(script, vec![]).await?;
            assert!(seen[0] >= least, "{screen:?}: {seen:?}");
            assert_eq!(seen[1..], [0.0; 5], "{screen:?}");
            let fits: bool = page.js("return document.documentElement.scrollWidth <= innerWidth && document.documentElement.scrollHeight <= innerHeight;", vec![]).await?;
            assert!(fits, "{screen:?}");
        }
        page.look(Look::default()).await?;

        page.keys(Key::Right).await?;
        at(page, "1", "false").await?;
        page.is_accessible("a presentation").await?;
        // Who speaks knows the answer before the room does.
        page.keys("s").await?;
        let speaker = page.until("the second window", async || {
            let windows = page.driver().windows().await?;
            Ok(windows.into_iter().find(|window| *window != room))
        })
        .await?;
        page.driver().switch_to_window(speaker.clone()).await?;
        let told = async |what: &str, text: &str| {
            page.until(&format!("the speaker to be told {text}"), async || {
                let script = "return document.getElementById(arguments[0])?.innerText ?? '';";
                let told: String = page.js(script, vec![serde_json::json!(what)]).await?;
                Ok((!told.is_empty() && told.contains(text)).then_some(told))
            })
            .await
        };
        told("at", "Step 1 of 7").await?;
        told("notes", "128 KiB").await?;
        told("next", "The first sixteen").await?;
        let right = told("right", "").await?;
        page.is_accessible("the speaker's window").await?;
        page.driver().switch_to_window(room.clone()).await?;
        page.keys(right.trim()).await?;
        page.keys(Key::Enter).await?;
        at(page, "1", "true").await?;
        assert_eq!(page.attribute("verdict", "data-correct").await?.as_deref(), Some("true"));

        page.keys(Key::PageDown).await?;
        at(page, "2", "false").await?;
        page.keys(" ").await?;
        at(page, "2", "true").await?;
        page.keys(Key::Right).await?;
        at(page, "3", "false").await?;
        page.keys("2").await?;
        let chosen: String = page.js("return document.querySelector('[name=answer]:checked').value;", vec![]).await?;
        assert_eq!(chosen, "disk 1");
        page.keys(Key::Enter).await?;
        at(page, "3", "true").await?;
        page.keys(Key::Left).await?;
        at(page, "2", "true").await?;
        page.keys(Key::Right).await?;
        at(page, "3", "true").await?;
        page.driver().switch_to_window(speaker).await?;
        told("at", "Step 3 of 7").await?;
        page.driver().close_window().await?;
        page.driver().switch_to_window(room).await?;

        // The highlight, the keys, and the way out.
        page.keys("h").await?;
        page.driver().action_chain().move_to(300, 400).perform().await?;
        page.until("the highlight to follow", async || {
            let script = "const disc = document.querySelector('.disc').getBoundingClientRect();
                return [disc.x + disc.width / 2, disc.y + disc.height / 2];";
            let [x, y]: [f64; 2] = page.js(script, vec![]).await?;
            Ok(((x - 300.0).abs() < 3.0 && (y - 400.0).abs() < 3.0).then_some(()))
        })
        .await?;
        page.keys("h").await?;
        page.until("the highlight to go", async || {
            Ok((!page.shown(".disc").await?).then_some(()))
        })
        .await?;
        page.keys("?").await?;
        page.find("present-help").await?;
        page.is_accessible("the keys of a presentation").await?;
        page.keys(Key::Escape).await?;
        page.until_there("present-help", false).await?;
        page.keys(Key::Escape).await?;
        page.until_there("present-leave", false).await?;
        assert!(page.shown(".transport").await?);
        at(page, "3", "true").await
    })
    .await
}
