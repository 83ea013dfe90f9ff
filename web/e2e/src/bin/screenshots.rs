//! Takes the pictures of the page. `pkg-scripts/screenshots` starts it.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use swap_playground_e2e::scenes::{self, ACTS, Act};
use swap_playground_e2e::{LOOKS, Look, MORE_LOOKS, Page, Result, Scheme, Screen, visit};

const USAGE: &str = "screenshots [--all | --act start|views|time|dialogs|faults|storage] DIRECTORY";

/// The stage is also shown on a projector.
const HUGE: Look = Look {
    screen: Screen::Huge,
    scheme: Scheme::Light,
};

#[tokio::main]
async fn main() -> Result {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let acts: Vec<Act> = match arguments.first().map(String::as_str) {
        Some("--all") => {
            arguments.remove(0);
            ACTS.to_vec()
        }
        Some("--act") if arguments.len() > 1 => {
            let name = arguments.drain(..2).next_back();
            let named = |act: &Act| name.as_ref().is_some_and(|name| act.name() == name);
            ACTS.into_iter().filter(named).collect()
        }
        _ => Vec::new(),
    };
    let [directory] = &arguments[..] else {
        return Err(USAGE.into());
    };
    let directory = PathBuf::from(directory);
    if acts.is_empty() {
        for_the_readme(&directory).await
    } else {
        every_scene(&directory, &acts).await
    }
}

/// The stage, light and dark, and its most telling parts.
async fn for_the_readme(directory: &Path) -> Result {
    visit(async |page| {
        page.run_demo().await?;
        page.press("demo-stop").await?;
        page.choose(1).await?;
        page.select("62").await?;
        let () = page.js("document.activeElement.blur();", vec![]).await?;
        let [light, dark] = [Scheme::Light, Scheme::Dark].map(|scheme| Look {
            screen: Screen::Wide,
            scheme,
        });
        page.look(dark).await?;
        take(page, directory, "stage-dark").await?;
        page.look(light).await?;
        take(page, directory, "stage-light").await?;
        take_part(page, directory, "stripe-map", ".panel.views").await?;
        take_part(page, directory, "object-view", ".panel.objects").await?;
        page.press("view-tree").await?;
        take_part(page, directory, "tree", ".panel.views").await?;
        page.select("20").await?;
        page.look(Look {
            screen: Screen::Huge,
            scheme: Scheme::Light,
        })
        .await?;
        take_part(page, directory, "why", ".panel.inspector").await
    })
    .await?;
    visit(async |page| {
        page.page_out_by_hand().await?;
        page.find("transfer-fail").await?;
        take_part(page, directory, "by-hand", ".panel.views").await
    })
    .await?;
    visit(async |page| {
        let lesson = format!("{}?lesson=striping", page.site());
        page.driver().goto(lesson).await?;
        page.find("lesson-begin").await?;
        page.ready().await?;
        page.press("lesson-begin").await?;
        for _ in 0..2 {
            page.find("answer-submit").await?;
            page.press("lesson-next").await?;
            page.find("verdict").await?;
            page.ready().await?;
            page.press("lesson-next").await?;
        }
        page.find("answer-submit").await?;
        take(page, directory, "lesson").await
    })
    .await?;
    visit(async |page| {
        let pair = format!("{}?compare=roundrobin", page.site());
        page.driver().goto(pair).await?;
        page.find("compare-words").await?;
        take(page, directory, "compare").await
    })
    .await
}

async fn every_scene(directory: &Path, acts: &[Act]) -> Result {
    let looks: Vec<Look> = LOOKS.into_iter().chain(MORE_LOOKS).collect();
    let mut names = BTreeSet::new();
    for act in acts {
        visit(async |page| {
            scenes::play(*act, page, &looks, async |scene, look| {
                let name = format!("{scene}-{look}");
                take(page, directory, &name).await?;
                match names.insert(name) {
                    true => Ok(()),
                    false => Err(format!("two scenes are called {scene}").into()),
                }
            })
            .await?;
            if *act == Act::Views {
                page.look(HUGE).await?;
                take(page, directory, &format!("stage-{HUGE}")).await?;
            }
            Ok(())
        })
        .await?;
    }
    Ok(())
}

async fn take(page: &Page, directory: &Path, name: &str) -> Result {
    page.settled().await?;
    let picture = page.driver().screenshot_as_png().await?;
    save(&picture, &directory.join(format!("{name}.png")))
}

async fn take_part(page: &Page, directory: &Path, name: &str, selector: &str) -> Result {
    page.settled().await?;
    let part = page.find_css(selector).await?;
    let picture = part.screenshot_as_png().await?;
    save(&picture, &directory.join(format!("{name}.png")))
}

/// Saves a picture. The browser packs quickly; packed with patience it takes a fifth less.
fn save(picture: &[u8], file: &Path) -> Result {
    let mut reader = png::Decoder::new(Cursor::new(picture)).read_info()?;
    let size = reader.output_buffer_size();
    let mut pixels = vec![0; size.ok_or("the picture is too large")?];
    let info = reader.next_frame(&mut pixels)?;

    let mut encoder = png::Encoder::new(File::create(file)?, info.width, info.height);
    encoder.set_color(info.color_type);
    encoder.set_depth(info.bit_depth);
    encoder.set_compression(png::Compression::High);
    // Areas of one colour are packed best as they are.
    encoder.set_filter(png::Filter::NoFilter);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&pixels[..info.buffer_size()])?;
    writer.finish()?;

    let kib = std::fs::metadata(file)?.len().div_ceil(1024);
    println!("{} ({kib} KiB)", file.display());
    Ok(())
}
