//! Lessons that are left and found again: after a reload, after "Leave", and when what was kept is damaged.

use serde_json::json;
use swap_pager::lesson::Lesson;
use swap_pager::lesson::code::{self, Begun};
use swap_pager::lesson::measure::Answer;
use swap_playground_e2e::lesson::{at, done, drop_file};
use swap_playground_e2e::{Page, Result, visit};

const SMALL: &str = include_str!("small-lesson.toml");
const STRIPING: &str = include_str!("../../../www/lessons/02-striping.toml");

async fn drop_small(page: &Page) -> Result {
    drop_file(page, "small.toml", SMALL).await
}

async fn begin(page: &Page, name: &str) -> Result {
    page.enter("reader", name).await?;
    page.press("lesson-begin").await?;
    at(page, "1").await
}

async fn answer(page: &Page, text: &str) -> Result {
    page.enter("answer", text).await?;
    page.press("answer-submit").await?;
    done(page).await
}

async fn code(page: &Page) -> Result<String> {
    let script = "return document.querySelector('[data-testid=code]').value;";
    page.js(script, vec![]).await
}

#[tokio::test]
async fn a_reload_finds_the_lesson_where_it_was() -> Result {
    visit(async |page| {
        page.driver()
            .goto(format!("{}?lesson=striping", page.site()))
            .await?;
        at(page, "cover").await?;
        begin(page, "Ada Lovelace").await?;
        answer(page, "1").await?;
        let (verdict, events) = (page.text("verdict").await?, page.events().await?);
        page.press("lesson-next").await?;
        at(page, "2").await?;
        page.reload().await?;
        at(page, "2").await?;
        assert!(page.text("lesson-returned").await?.contains("Ada Lovelace"));
        page.is_accessible("a lesson that was found again").await?;
        assert_eq!(page.events().await?, events, "the machine is the same");
        page.press("lesson-back").await?;
        at(page, "1").await?;
        assert_eq!(page.text("verdict").await?, verdict);
        assert_eq!(page.count("answer-submit").await?, 0, "the first answer counts");
        page.press("lesson-next").await?;
        at(page, "2").await?;
        assert_eq!(page.count("lesson-returned").await?, 0);
        // Whoever reloads at once after an answer has answered.
        let script = "document.querySelector('[data-testid=lesson-next]').click();
            await until('the answer to be kept', () => localStorage.getItem('swap-playground-reading-striping').split('\"given\":{').length === 3);
            location.reload();";
        let _: std::result::Result<(), _> = page.js_async(script, vec![]).await;
        page.open().await?;
        page.driver()
            .goto(format!("{}?lesson=striping", page.site()))
            .await?;
        at(page, "2").await?;
        assert_eq!(page.count("answer-submit").await?, 0, "it was passed over");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_code_counts_beginnings_and_carries_the_name() -> Result {
    visit(async |page| {
        page.start_empty().await?;
        drop_small(page).await?;
        at(page, "cover").await?;
        begin(page, "Ann Lee").await?;
        answer(page, "0").await?;
        page.press("lesson-leave").await?;
        page.until_there("lesson", false).await?;
        drop_small(page).await?;
        at(page, "1").await?;
        assert_eq!(
            page.attribute("verdict", "data-correct").await?.as_deref(),
            Some("false")
        );
        // It can be begun again; that is counted, for this reader.
        page.press("lesson-anew").await?;
        at(page, "cover").await?;
        begin(page, "ann lee").await?;
        assert_eq!(page.count("verdict").await?, 0);
        answer(page, "64").await?;
        page.press("lesson-next").await?;
        at(page, "2").await?;
        page.press("lesson-next").await?;
        done(page).await?;
        page.press("lesson-next").await?;
        at(page, "3").await?;
        page.press("lesson-next").await?;
        done(page).await?;
        page.press("lesson-next").await?;
        at(page, "challenge").await?;
        page.new_object(Some("more"), 16).await?;
        page.press("challenge-again").await?;
        at(page, "challenge").await?;
        page.new_object(Some("more"), 16).await?;
        page.fill("all").await?;
        // In the middle of the challenge, too.
        let commands = page.attribute("challenge-commands", "data-count").await?;
        page.press("lesson-leave").await?;
        page.until_there("lesson", false).await?;
        drop_small(page).await?;
        at(page, "challenge").await?;
        assert_eq!(commands.as_deref(), Some("2"));
        assert_eq!(
            page.attribute("challenge-commands", "data-count").await?,
            commands
        );
        assert_eq!(page.objects().await?, [1, 2]);
        page.press("lesson-next").await?;
        at(page, "end").await?;
        let written = code(page).await?;
        assert_eq!(code::name(&written)?.as_deref(), Some("ann lee"));
        let lesson = Lesson::read("small.toml", SMALL, code::seed("Ann Lee"));
        let lesson = lesson.map_err(|wrong| format!("{wrong:?}"))?;
        let results = code::read(&lesson, "Ann Lee", &written)?;
        assert_eq!(results.answers, [Some(Answer::Number(64)), None]);
        let (lesson, challenge) = (2, 2);
        assert_eq!(results.begun, Some(Begun { lesson, challenge }));
        assert!(
            page.text("score")
                .await?
                .contains("You began this lesson 2 times.")
        );
        // Another reader begins for the first time.
        page.press("lesson-back").await?;
        page.press("lesson-leave").await?;
        page.until_there("lesson", false).await?;
        drop_small(page).await?;
        at(page, "challenge").await?;
        page.press("lesson-anew").await?;
        at(page, "cover").await?;
        begin(page, "Bob").await?;
        let kept: String = page
            .js(
                "return localStorage.getItem('swap-playground-reading-small');",
                vec![],
            )
            .await?;
        let head: serde_json::Value =
            serde_json::from_str(kept.lines().next().unwrap_or_default())?;
        let begun = head["begun"].as_array().ok_or("a list")?;
        let counts: Vec<_> = begun.iter().map(|reader| reader[1].as_u64()).collect();
        assert_eq!(counts, [Some(2), Some(1)], "Ann Lee and Bob");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_was_kept_and_is_damaged_is_told_and_costs_nothing_else() -> Result {
    visit(async |page| {
        page.start_empty().await?;
        page.new_object(Some("mine"), 8).await?;
        let address = format!("{}?lesson=striping", page.site());
        for (kept, why) in [("rubbish", "it is damaged"), ("{\"format\":9}", "it is damaged")] {
            let keep = "localStorage.setItem('swap-playground-reading-striping', arguments[0]);
                localStorage.setItem('swap-playground-reading-pages', 'another');";
            let () = page.js(keep, vec![json!(kept)]).await?;
            page.driver().goto(&address).await?;
            at(page, "cover").await?;
            let told = page.text("lesson-trouble").await?;
            assert!(told.contains(why) && told.contains("It begins anew"), "{told}");
        }
        begin(page, "").await?;
        assert_eq!(page.count("lesson-trouble").await?, 0);
        let other: String = page
            .js("return localStorage.getItem('swap-playground-reading-pages');", vec![])
            .await?;
        assert_eq!(other, "another");
        // A lesson that has changed since.
        let older = STRIPING.replacen("minutes", "# older\nminutes", 1);
        let older = Lesson::read("02-striping.toml", &older, 0).map_err(|wrong| format!("{wrong:?}"))?;
        let change = "const key = 'swap-playground-reading-striping';
            localStorage.setItem(key, localStorage.getItem(key).replace(/\"digest\":\\d+/, `\"digest\":${arguments[0]}`));";
        let () = page.js(change, vec![json!(older.digest)]).await?;
        page.driver().goto(&address).await?;
        at(page, "cover").await?;
        let told = page.text("lesson-trouble").await?;
        assert!(told.contains("the text of the lesson has changed since"), "{told}");
        page.press("lesson-leave").await?;
        page.until_there("lesson", false).await?;
        assert_eq!(page.objects().await?, [1], "one's own session is there");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_lesson_is_shared_and_not_its_machine() -> Result {
    visit(async |page| {
        let address = format!("{}?lesson=striping", page.site());
        page.driver().goto(&address).await?;
        at(page, "cover").await?;
        page.press("share").await?;
        let copied = async || {
            let script = "return document.querySelector('[data-testid=share-text]').value;";
            page.js::<String>(script, vec![]).await
        };
        page.find("share-text").await?;
        assert_eq!(copied().await?, address);
        page.is_accessible("a lesson that is shared").await?;
        page.press("share-element").await?;
        assert!(
            copied()
                .await?
                .ends_with("<swap-playground lesson=\"striping\"></swap-playground>")
        );
        page.press("share-markdown").await?;
        assert!(
            copied()
                .await?
                .starts_with("[Swap Playground: Lesson 2 · Striping")
        );
        page.close_dialog().await?;
        drop_small(page).await?;
        at(page, "cover").await?;
        page.press("share").await?;
        let told = page.text("share-own-lesson").await?;
        assert!(told.contains("a file on your device"), "{told}");
        assert_eq!(page.count("share-text").await?, 0);
        Ok(())
    })
    .await
}
