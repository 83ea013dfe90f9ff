//! "Compare": what the page shows of two machines is what the core says of them.

use std::collections::BTreeMap;

use swap_pager::compare::{Comparison, PRESETS, Preset, Room, Side, figures, in_words, scripted};
use swap_pager::session::script::Action;
use swap_pager::{Config, Policy};
use swap_playground_e2e::{LOOKS, Page, Result, visit};
use thirtyfour::{By, Key};

type Figures = BTreeMap<String, (u64, u64)>;

/// What the core says, after so many commands; all of them if that is not said.
fn told(sides: [Side; 2], actions: &[Action], moment: Option<usize>) -> (Figures, String) {
    let moment = moment.unwrap_or(actions.len());
    // Played to that moment only, so that the machines are as they are then.
    let then = Comparison::of(sides, &actions[..moment], usize::MAX);
    let rooms = [0, 1].map(|side: usize| Room::of(then.runs[side].player.model()));
    let all = figures(&then, moment, rooms);
    let values = all
        .iter()
        .map(|figure| (figure.id.clone(), (figure.values[0], figure.values[1])));
    (values.collect(), in_words(&then.labels(), &all))
}

/// What the page says.
async fn shown(page: &Page) -> Result<(Figures, String)> {
    let script = "return [...document.querySelectorAll('[data-figure]')].map(row => \
                  [row.dataset.figure, Number(row.dataset.a), Number(row.dataset.b)]);";
    let rows: Vec<(String, u64, u64)> = page.js(script, vec![]).await?;
    let values = rows.into_iter().map(|(id, a, b)| (id, (a, b)));
    Ok((values.collect(), page.text("compare-words").await?))
}

async fn open(page: &Page, preset: &str) -> Result {
    let address = format!("{}?compare={preset}", page.site());
    page.driver().goto(address).await?;
    page.until_there("compare", true).await
}

async fn choose(page: &Page, field: &str, value: &str) -> Result {
    let option = format!("[data-testid={field}] option[value='{value}']");
    page.driver().find(By::Css(option)).await?.click().await?;
    page.next_frame().await
}

fn actions(script: &str) -> Vec<Action> {
    scripted(script).expect("the script can be played")
}

#[tokio::test]
async fn every_preset_tells_what_the_core_says() -> Result {
    visit(async |page| {
        for preset in &PRESETS {
            open(page, preset.id).await?;
            let sides = (preset.sides)(Config::default());
            let all = actions(preset.script);
            assert_eq!(shown(page).await?, told(sides, &all, None), "{}", preset.id);
            let marked = page.count("compare-mark-1").await?;
            assert_eq!(marked == 0, sides[1].is_original(), "{}", preset.id);
            assert_eq!(page.count("compare-mark-0").await?, 0);
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_scrubber_moves_both_sides_by_keyboard() -> Result {
    visit(async |page| {
        open(page, "nextfit").await?;
        let preset = Preset::named("nextfit").expect("there is such a preset");
        let (sides, all) = ((preset.sides)(Config::default()), actions(preset.script));
        page.tab_to("compare-scrubber").await?;
        page.keys(Key::Home).await?;
        page.next_frame().await?;
        assert_eq!(
            page.attribute("compare", "data-step").await?.as_deref(),
            Some("0")
        );
        let (figures, words) = shown(page).await?;
        assert!(
            figures.values().all(|values| *values == (0, 0)),
            "{figures:?}"
        );
        assert!(words.starts_with("Nothing"), "{words}");
        for step in 1..=9 {
            page.keys(Key::Right).await?;
            page.next_frame().await?;
            assert_eq!(
                shown(page).await?,
                told(sides, &all, Some(step)),
                "step {step}"
            );
        }
        let now = page.text("compare-now").await?;
        assert_eq!(
            now,
            format!("After 9 of {}: pageout heap 0..383", all.len())
        );
        // The same by the buttons, and by the list of commands.
        page.press_css(".compare-time [aria-label='One command on']")
            .await?;
        assert_eq!(
            page.attribute("compare", "data-step").await?.as_deref(),
            Some("10")
        );
        page.press_css(".compare-commands > summary").await?;
        page.press_css("[data-testid=compare-commands] [data-step='3']")
            .await?;
        assert_eq!(
            page.attribute("compare", "data-step").await?.as_deref(),
            Some("3")
        );
        // Escape leaves.
        page.keys(Key::Escape).await?;
        page.until_there("compare", false).await
    })
    .await
}

#[tokio::test]
async fn the_maps_are_painted_as_the_tables_say() -> Result {
    visit(async |page| {
        open(page, "roundrobin").await?;
        let color = page.style_color("--object-0").await?;
        let mut painted = Vec::new();
        for side in 0..2 {
            let map = page.canvas(&format!("compare-canvas-{side}")).await?;
            let canvas = format!("compare-canvas-{side}");
            let block = page.attribute(&canvas, "data-block").await?;
            let block: f64 = block.unwrap_or_default().parse()?;
            let pitch = page.attribute(&canvas, "data-pitch").await?;
            let pitch: f64 = pitch.unwrap_or_default().parse()?;
            // Blocks of the third stripe of each disk that hold something.
            let y = (pitch * 2.0 + pitch / 3.0) as usize;
            let pixels: usize = map.runs(color, y).iter().map(|(a, b)| b - a).sum();
            painted.push(pixels as f64 / block);
        }
        page.press("compare-as-table").await?;
        for (side, painted) in painted.into_iter().enumerate() {
            let script = "return [...document.querySelectorAll(`[data-testid=compare-table-${arguments[0]}] tr[data-first]`)] \
                          .map(row => [Number(row.dataset.first), Number(row.dataset.last)]);";
            let rows: Vec<(u32, u32)> = page.js(script, vec![side.into()]).await?;
            let there = rows.iter().flat_map(|(first, last)| *first..=*last);
            let there = there.filter(|block| (64..96).contains(block)).count();
            let lines = painted - there as f64;
            // Lines between blocks are painted over some of it.
            assert!(lines.abs() < there as f64 / 3.0, "side {side}: {painted} painted, {there} there");
            assert!(there >= 64, "{there}");
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn own_commands_are_compared_on_machines_of_choice() -> Result {
    visit(async |page| {
        page.start_empty().await?;
        page.add_disk(1024).await?;
        page.add_disk(1024).await?;
        page.new_object(Some("heap"), 128).await?;
        page.fill("all").await?;
        page.page_out("all").await?;
        page.settled().await?;
        page.press("machine").await?;
        page.press("machine-compare").await?;
        page.until_there("compare", true).await?;
        page.close_dialog().await?;
        page.press("menu-compare").await?;
        page.until_there("compare", true).await?;
        let source = page.text("compare-source").await?;
        assert!(source.contains("5 commands of this session"), "{source}");
        let script =
            "swapon 0 1024\nswapon 1 1024\ncreate heap 128\nfill heap all\npageout heap all";
        let all = actions(script);
        let mut sides = (PRESETS[0].sides)(Config::default());
        assert_eq!(shown(page).await?, told(sides, &all, None));
        // Another pair, field by field.
        page.press_css("[data-testid=compare-machines] > summary")
            .await?;
        for (field, value) in [
            ("compare-disks-0", "0"),
            ("compare-disks-1", "0"),
            ("compare-stripe-1", "16"),
            ("compare-policy-1", "2"),
            ("compare-async-0", "1"),
            ("compare-frames-1", "256"),
        ] {
            choose(page, field, value).await?;
        }
        sides[0] = Side {
            disks: None,
            async_max: Some(1),
            ..sides[0]
        };
        sides[1] = Side {
            disks: None,
            config: Config {
                stripe: 16,
                policy: Policy::RoundRobin,
                frames: 256,
                ..Config::default()
            },
            ..sides[1]
        };
        assert_eq!(shown(page).await?, told(sides, &all, None));
        assert_eq!(page.count("compare-mark-1").await?, 1);
        let label = page.text("compare-side-1").await?;
        assert!(label.contains("not in the original of 2001"), "{label}");
        // The session stays as it was.
        page.close_dialog().await?;
        assert_eq!(page.stripe_table().await?.len(), 4);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn it_fits_and_is_accessible() -> Result {
    visit(async |page| {
        open(page, "stripes").await?;
        page.press_css("[data-testid=compare-machines] > summary")
            .await?;
        page.press_css("[data-testid=compare-equal] > summary")
            .await?;
        for look in LOOKS {
            page.look(look).await?;
            page.settled().await?;
            let script = "const dialog = document.querySelector('dialog.whole'); \
                          return dialog.scrollWidth - dialog.clientWidth;";
            let over: i32 = page.js(script, vec![]).await?;
            assert!(over <= 0, "{look}: {over} pixels too wide");
            page.is_accessible(&format!("compare, {look}")).await?;
        }
        page.press("compare-as-table").await?;
        page.is_accessible("compare, as tables").await
    })
    .await
}
