//! Lessons: read to their end by keyboard, with a score that the core agrees with; a lesson of one's
//! own; the session that waits meanwhile.

use serde_json::json;
use swap_pager::lesson::measure::Answer;
use swap_pager::lesson::{Lesson, code};
use swap_pager::session::Player;
use swap_playground_e2e::lesson::{at, done, drop_file};
use swap_playground_e2e::{LOOKS, Look, Page, Result, Scheme, Screen, visit, visit_as};
use thirtyfour::Key;

/// A lesson with all there can be in one, short enough to be read in a test.
const SMALL: &str = include_str!("small-lesson.toml");

async fn enter(page: &Page, id: &str) -> Result {
    page.tab_to(id).await?;
    page.keys(Key::Enter).await
}

/// What the core says to the questions of a lesson, asked one after the other.
fn right_answers(lesson: &Lesson) -> Result<Vec<Answer>> {
    let mut player = Player::new(lesson.config);
    let played = |played: std::result::Result<(), (usize, String)>| {
        played.map_err(|(line, why)| format!("line {line}: {why}"))
    };
    played(player.play(&lesson.setup.text))?;
    let mut answers = Vec::new();
    for step in &lesson.steps {
        player.mark();
        if let Some(run) = &step.run {
            played(player.play(&run.text))?;
        }
        if let Some(question) = &step.ask {
            answers.push(question.answer.of(&player)?);
        }
    }
    Ok(answers)
}

#[tokio::test]
async fn a_lesson_is_read_by_keyboard_to_its_end() -> Result {
    visit(async |page| {
        // A session of one's own, which has to be there afterwards.
        page.start_empty().await?;
        page.add_disk(128).await?;
        page.new_object(Some("mine"), 8).await?;
        let (own, events) = (page.stored().await?, page.events().await?);
        drop_file(page, "07-small.toml", SMALL).await?;
        at(page, "cover").await?;
        let chip = page.text("lesson-chip").await?;
        assert!(chip.contains("Lesson 7 · A small lesson"), "{chip}");
        page.is_accessible("the cover of a lesson").await?;

        let name = "Ada Lovelace";
        let lesson = Lesson::read("07-small.toml", SMALL, code::seed(name))
            .map_err(|wrong| format!("{wrong:?}"))?;
        let right = right_answers(&lesson)?;
        assert_ne!(
            lesson,
            Lesson::read("07-small.toml", SMALL, 0).map_err(|wrong| format!("{wrong:?}"))?,
            "the numbers are the reader's own"
        );
        page.tab_to("reader").await?;
        page.retype(name).await?;
        page.keys(Key::Enter).await?;
        at(page, "1").await?;

        // A number, answered wrongly; nothing has run before. A field that is empty is no answer.
        let before = page.events().await?;
        assert!(
            page.text("lesson")
                .await?
                .contains(&format!("of its {} pages", right[0]))
        );
        enter(page, "answer-submit").await?;
        assert!(page.refusal("answer").await?.is_some());
        enter(page, "hint").await?;
        assert!(page.text("hint-text").await?.contains("Nobody has touched"));
        page.tab_back_to("answer").await?;
        let wrong = match right[0] {
            Answer::Number(right) => right + 1,
            Answer::Word(_) => return Err("a number is asked for".into()),
        };
        page.keys(wrong.to_string()).await?;
        assert_eq!(page.events().await?, before);
        page.keys(Key::Enter).await?;
        done(page).await?;
        assert_eq!(
            page.attribute("verdict", "data-correct").await?.as_deref(),
            Some("false")
        );
        let verdict = page.text("verdict").await?;
        assert!(
            verdict.contains(&format!("You said {wrong}; it is {}", right[0])),
            "{verdict}"
        );
        assert!(
            page.text("lesson")
                .await?
                .contains(&format!("{} it was, and not {wrong}.", right[0]))
        );
        assert_eq!(page.focused().await?, "verdict");
        let said = page.whole_text("lesson-said").await?;
        assert!(said.contains("Not this time"), "{said}");
        for look in LOOKS {
            page.look(look).await?;
            page.is_accessible(&format!("a step, {look}")).await?;
        }
        page.look(Look::default()).await?;

        // A disk, answered rightly. The eye is drawn to it, and it is told why.
        enter(page, "lesson-next").await?;
        at(page, "2").await?;
        assert_eq!(page.focused().await?, "h3");
        page.tab_to_css("[name=answer]").await?;
        page.keys(Key::Space).await?;
        let word = |answer: &Answer| answer.to_string();
        for _ in 0..4 {
            let chosen: String = page
                .js(
                    "return document.querySelector('[name=answer]:checked').value;",
                    vec![],
                )
                .await?;
            if chosen == word(&right[1]) {
                break;
            }
            page.keys(Key::Down).await?;
        }
        page.keys(Key::Enter).await?;
        done(page).await?;
        assert_eq!(
            page.attribute("verdict", "data-correct").await?.as_deref(),
            Some("true")
        );
        assert_eq!(page.count_css(".stage.eye-views").await?, 1);
        assert!(
            page.text("lesson-why").await?.contains("stripe"),
            "{}",
            page.text("lesson-why").await?
        );

        // A step without a question: going on runs what it has.
        enter(page, "lesson-next").await?;
        at(page, "3").await?;
        let before = page.events().await?;
        enter(page, "lesson-next").await?;
        done(page).await?;
        assert!(page.events().await? > before);

        // Back to the moment of the step before, and on again.
        let now = page.moment().await?.0;
        enter(page, "lesson-back").await?;
        at(page, "2").await?;
        assert!(page.moment().await?.0 < now && !page.moment().await?.1);
        enter(page, "lesson-next").await?;
        at(page, "3").await?;
        assert!(page.moment().await?.1, "the present is shown again");

        // The challenge is met by commands of one's own.
        enter(page, "lesson-next").await?;
        at(page, "challenge").await?;
        let met = "[data-testid=goals] [data-met=true]";
        assert_eq!(
            (
                page.count_css(met).await?,
                page.count_css("[data-testid=goals] li").await?
            ),
            (1, 2)
        );
        page.keys(":").await?;
        page.keys("create more 16").await?;
        page.keys(Key::Enter).await?;
        page.keys("fill more all").await?;
        page.keys(Key::Enter).await?;
        page.keys("pageout more all").await?;
        page.keys(Key::Enter).await?;
        page.until("the challenge to be met", async || {
            let met = page.attribute("challenge", "data-met").await?;
            Ok((met.as_deref() == Some("true")).then_some(()))
        })
        .await?;
        assert_eq!(
            page.attribute("challenge-commands", "data-count")
                .await?
                .as_deref(),
            Some("3")
        );
        page.is_accessible("a challenge").await?;

        enter(page, "lesson-next").await?;
        at(page, "end").await?;
        assert_eq!(
            page.attribute("score", "data-right").await?.as_deref(),
            Some("1")
        );
        let written: String = page
            .js(
                "return document.querySelector('[data-testid=code]').value;",
                vec![],
            )
            .await?;
        let results = code::read(&lesson, name, &written)?;
        assert_eq!(
            results.answers,
            [Some(Answer::Number(wrong)), Some(right[1].clone())]
        );
        assert_eq!(results.challenge, Some(true));
        assert!(code::read(&lesson, "Charles Babbage", &written).is_err());
        page.is_accessible("the end of a lesson").await?;

        enter(page, "lesson-done").await?;
        page.until_there("lesson", false).await?;
        page.ready().await?;
        assert_eq!(
            (page.stored().await? == own, page.events().await?),
            (true, events)
        );
        assert_eq!(page.objects().await?, [1]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_lesson_of_ones_own_is_refused_line_by_line_and_mended() -> Result {
    visit(async |page| {
        page.start_empty().await?;
        let broken = SMALL.replace("minutes = 2", "minutes = \"two\"").replace("answer = \"disk of", "answer = \"dsik of");
        drop_file(page, "small.toml", &broken).await?;
        page.find("lesson-refused").await?;
        let script = "return Array.from(document.querySelectorAll('[data-testid=lesson-refused] li'), (li) => [Number(li.dataset.line), li.innerText]);";
        let told: Vec<(usize, String)> = page.js(script, vec![]).await?;
        let wrong: Vec<usize> = broken.lines().enumerate().filter(|(_, line)| line.contains("\"two\"") || line.contains("dsik")).map(|(n, _)| n + 1).collect();
        assert_eq!(told.iter().map(|(line, _)| *line).collect::<Vec<_>>(), wrong, "{told:?}");
        assert!(told[1].1.contains("dsik of"), "{told:?}");
        page.is_accessible("a lesson that is refused").await?;
        // What is only found by playing it is told as well.
        drop_file(page, "small.toml", &SMALL.replace("pageout heap 0..15", "pageout haep 0..15")).await?;
        page.until("the other fault", async || {
            Ok(page.text("lesson-refused").await?.contains("haep").then_some(()))
        })
        .await?;
        drop_file(page, "small.toml", SMALL).await?;
        page.find("lesson-begin").await?;
        assert_eq!(page.count_css("dialog").await?, 0);

        // Going on from the past makes what came after it be done again; the first answers stay.
        page.press("lesson-begin").await?;
        at(page, "1").await?;
        page.enter("answer", "0").await?;
        page.press("answer-submit").await?;
        done(page).await?;
        page.press("lesson-next").await?;
        at(page, "2").await?;
        // By pointing at a disk.
        page.press_css("[data-testid=disk-head]").await?;
        let chosen: String = page.js("return document.querySelector('[name=answer]:checked').value;", vec![]).await?;
        assert_eq!(chosen, "disk 0");
        page.press("answer-submit").await?;
        done(page).await?;
        page.press("lesson-back").await?;
        at(page, "1").await?;
        page.press("transport-go-on").await?;
        page.press("go-on-confirm").await?;
        page.until("the steps after it to be open again", async || {
            Ok(page.moment().await?.1.then_some(()))
        })
        .await?;
        page.press("lesson-next").await?;
        at(page, "2").await?;
        assert_eq!(page.attribute("lesson", "data-done").await?.as_deref(), Some("false"));
        assert_eq!(page.count("answer-submit").await?, 0, "the first answer counts");
        page.press("do-it").await?;
        done(page).await?;
        page.press("lesson-next").await?;
        at(page, "3").await?;
        page.press("lesson-next").await?;
        done(page).await?;
        page.press("lesson-next").await?;
        at(page, "challenge").await?;
        // Going back a step in a challenge takes that step back, and no more.
        page.add_disk(64).await?;
        page.keys("<").await?;
        page.press("transport-go-on").await?;
        page.press("go-on-confirm").await?;
        page.until("the command to be taken back", async || {
            let count = page.attribute("challenge-commands", "data-count").await?;
            let open = page.count_css("[data-testid=goals] [data-met=false]").await?;
            Ok((count.as_deref() == Some("0") && open == 1).then_some(()))
        })
        .await?;
        page.ready().await?;
        // Whoever has a way shown has not met it.
        page.press("challenge-show").await?;
        page.press("challenge-show-yes").await?;
        page.until("the way to be shown", async || {
            let open = page.count_css("[data-testid=goals] [data-met=false]").await?;
            let shown = page.attribute("challenge", "data-shown").await?;
            Ok((open == 0 && shown.as_deref() == Some("true")).then_some(()))
        })
        .await?;
        page.ready().await?;
        assert_eq!(page.attribute("challenge", "data-met").await?.as_deref(), Some("false"));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_lesson_has_an_address_and_fits_a_phone() -> Result {
    let phone = Look {
        screen: Screen::Narrow,
        scheme: Scheme::Light,
    };
    visit_as(phone, async |page| {
        page.press("learn").await?;
        page.find("lesson-striping").await?;
        page.is_accessible("the list of lessons").await?;
        page.press("lesson-striping").await?;
        at(page, "cover").await?;
        let address = page.driver().current_url().await?;
        assert_eq!(address.query(), Some("lesson=striping"));
        page.reload().await?;
        at(page, "cover").await?;
        assert_eq!(
            page.tabs().await?,
            ["lesson", "objects", "views", "inspector", "log"]
        );
        page.press("lesson-begin").await?;
        at(page, "1").await?;
        page.enter("answer", "1").await?;
        page.press("answer-submit").await?;
        done(page).await?;
        page.press("lesson-look").await?;
        assert_eq!(page.attribute_of("main", "data-tab").await?, "views");
        assert_eq!(page.count_css(".eye-views").await?, 1);
        page.show_tab("lesson").await?;
        let wide: bool = page
            .js(
                "return document.documentElement.scrollWidth > innerWidth;",
                vec![],
            )
            .await?;
        assert!(!wide);
        page.press("lesson-leave").await?;
        page.find("start-empty").await?;
        assert_eq!(page.driver().current_url().await?.query(), None);
        // What there is not is told, and one's own session is there.
        page.driver()
            .goto(format!("{}?lesson=nothing", page.site()))
            .await?;
        page.until("the reason", async || {
            let told = page.whole_text("trouble").await.unwrap_or_default();
            Ok(told
                .contains("There is no lesson \"nothing\": there are pages, striping")
                .then_some(()))
        })
        .await?;
        page.find("start-empty").await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_app_leads_to_what_teachers_need() -> Result {
    visit(async |page| {
        page.start_empty().await?;
        page.press("learn").await?;
        page.find("lesson-striping").await?;
        let script = "const links = Array.from(document.querySelectorAll('[data-testid=learn-write], [data-testid=learn-teach], [data-testid=menu-teach]'), (link) => link.href);
            const found = [];
            for (const link of links) {
                const page = await fetch(link);
                found.push([new URL(link).pathname.replace(/^.*(?=teach)/, ''), page.status, (await page.text()).includes('<h1')]);
            }
            return found;";
        let found: Vec<(String, u16, bool)> = page.js_async(script, vec![]).await?;
        let there = |path: &str| (path.to_owned(), 200, true);
        assert_eq!(found, [there("teach/"), there("teach/lessons.html"), there("teach/")]);
        Ok(())
    })
    .await
}

/// The page runs every lesson of the site as the core does: what it says is right is right on a machine
/// of the core's, and both machines are the same after each step.
#[tokio::test]
async fn every_lesson_goes_as_the_core_says() -> Result {
    visit(async |page| {
        // Whoever wants less movement gets scripts without pauses.
        let calm = json!({ "features": [{ "name": "prefers-reduced-motion", "value": "reduce" }] });
        let devtools = page.driver().cdp();
        devtools
            .send_raw("Emulation.setEmulatedMedia", calm)
            .await?;
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../www/lessons");
        let list = "return (await (await fetch('./lessons/index.json')).json()).map(({ id, file }) => [id, file]);";
        let lessons: Vec<(String, String)> = page.js_async(list, vec![]).await?;
        assert!(lessons.len() >= 12, "{lessons:?}");
        for (id, file) in lessons {
            let toml = std::fs::read_to_string(format!("{folder}/{file}"))?;
            let lesson = Lesson::read(&file, &toml, 0).map_err(|wrong| format!("{wrong:?}"))?;
            assert_eq!(lesson.id, id);
            page.driver()
                .goto(format!("{}?lesson={id}", page.site()))
                .await?;
            at(page, "cover").await?;
            // Each step is passed over; what is said then, and how much is free.
            let script = "const [steps] = args;
                const lesson = () => document.querySelector('[data-testid=lesson]');
                const press = (what) => document.querySelector(`[data-testid=${what}]`).click();
                // Transfers may wait for a person.
                const quiet = () => document.querySelector('[data-live]').dataset.live === 'true' && lesson().dataset.busy === 'false';
                const said = [];
                press('lesson-begin');
                for (let n = 1; n <= steps; n += 1) {
                    await until(`step ${n}`, () => lesson().dataset.place === `${n}` && quiet());
                    if (lesson().dataset.done === 'false') {
                        const runs = document.querySelector('[data-testid=do-it]');
                        if (runs) runs.click(); else press('lesson-next');
                        await until(`step ${n} to be done`, () => lesson().dataset.done === 'true' && quiet());
                    }
                    const trouble = document.querySelector('[data-testid=lesson-trouble]');
                    if (trouble) throw new Error(`step ${n}: ${trouble.textContent}`);
                    await calm();
                    said.push([document.querySelector('[data-testid=verdict]')?.textContent ?? '', document.querySelector('[data-testid=free-pages]').dataset.free]);
                    press('lesson-next');
                }
                if (document.querySelector('.lesson-way .last')) {
                    await until('the challenge', () => document.querySelector('[data-testid=challenge-show-yes]') && quiet());
                    if (document.querySelector('[data-testid=goals] [data-met=true]:only-child')) throw new Error('met before');
                    press('challenge-show-yes');
                    await until('the way', () => lesson().querySelector('[data-shown=true]') && quiet());
                    await until('all goals', () => !document.querySelector('[data-testid=goals] [data-met=false]'));
                }
                return said;";
            let steps = vec![json!(lesson.steps.len())];
            let said: Vec<(String, String)> = page
                .js_async(script, steps)
                .await
                .map_err(|error| format!("{id}: {error}"))?;
            let mut player = Player::new(lesson.config);
            let wrong = |(line, why): (usize, String)| format!("{id}: line {line}: {why}");
            player.play(&lesson.setup.text).map_err(wrong)?;
            for (step, (verdict, free)) in lesson.steps.iter().zip(said) {
                player.mark();
                if let Some(run) = &step.run {
                    player.play(&run.text).map_err(wrong)?;
                }
                let told = match &step.ask {
                    Some(question) => format!("→It is {}.", question.answer.of(&player)?),
                    None => String::new(),
                };
                assert_eq!(verdict, told, "{id}: {}", step.title);
                assert_eq!(free, player.model().free.to_string(), "{id}: {}", step.title);
            }
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_element_has_a_lesson_and_tells_of_answers() -> Result {
    visit(async |page| {
        let told: Vec<(String, u32, Option<u32>, u32, bool)> = page
            .js_async(
                "await import(new URL('./swap-playground.js', location.href));
                 const element = document.createElement('swap-playground');
                 element.setAttribute('lesson', 'striping');
                 element.setAttribute('height', '600px');
                 const told = [];
                 element.addEventListener('answer', ({ detail: { lesson, step, given, right, correct } }) => told.push([lesson, step, given, right, correct]));
                 document.body.replaceChildren(element);
                 const find = (id) => element.shadowRoot.querySelector(`[data-testid=${id}]:not(:disabled)`);
                 const press = async (id) => (await until(id, () => find(id))).click();
                 await press('lesson-begin');
                 (await until('the question', () => find('answer'))).value = '1056';
                 await press('answer-submit');
                 await until('an answer', () => told.length === 1);
                 await until('the step', () => element.shadowRoot.querySelector('[data-place=\"1\"][data-done=true][data-busy=false]'));
                 await press('lesson-next');
                 await until('the next question', () => element.shadowRoot.querySelector('[data-place=\"2\"][data-busy=false]'));
                 await press('lesson-next');
                 await until('an answer', () => told.length === 2);
                 return told;",
                vec![],
            )
            .await?;
        let free = told[0].3;
        assert_eq!(told[0], ("striping".into(), 1, Some(1056), free, free == 1056));
        assert_eq!(told[1], ("striping".into(), 2, None, 128, false));
        Ok(())
    })
    .await
}
