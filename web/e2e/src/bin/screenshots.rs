//! Takes the pictures of the page. `pkg-scripts/screenshots` starts it.

use std::fs::File;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use swap_playground_e2e::{LOOKS, Look, Page, Result, Scheme, Screen, visit};

const USAGE: &str = "screenshots [--all] DIRECTORY";

/// The scenes of `--all` are also taken on a small computer's screen.
const MIDDLE: [Look; 2] = [
    Look {
        screen: Screen::Middle,
        scheme: Scheme::Light,
    },
    Look {
        screen: Screen::Middle,
        scheme: Scheme::Dark,
    },
];

#[tokio::main]
async fn main() -> Result {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let all = arguments.first().is_some_and(|first| first == "--all");
    if all {
        arguments.remove(0);
    }
    let [directory] = &arguments[..] else {
        return Err(USAGE.into());
    };
    let directory = PathBuf::from(directory);
    if all {
        every_scene(&directory).await
    } else {
        for_the_readme(&directory).await
    }
}

/// The stage, light and dark, and its two most telling parts.
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
        take_part(page, directory, "object-view", ".panel.objects").await
    })
    .await
}

async fn every_scene(directory: &Path) -> Result {
    let looks: Vec<Look> = LOOKS.into_iter().chain(MIDDLE).collect();
    visit(async |page| {
        in_all(page, &looks, directory, "start").await?;
        page.run_demo().await?;
        in_all(page, &looks, directory, "stage").await?;
        for look in &looks {
            page.look(*look).await?;
            for tab in page.tabs().await? {
                page.show_tab(&tab).await?;
                take(page, directory, &format!("tab-{tab}-{look}")).await?;
            }
        }
        Ok(())
    })
    .await?;
    visit(async |page| {
        page.start_empty().await?;
        in_all(page, &looks, directory, "empty").await?;
        page.add_disk(4096).await?;
        page.new_object(Some("heap"), 128).await?;
        page.fill("0..40").await?;
        page.page_out("0..31").await?;
        page.read("3").await?;
        for opener in [
            "add-disk",
            "new-object",
            "write",
            "destroy",
            "clear-all",
            "help",
        ] {
            page.press(opener).await?;
            in_all(page, &looks, directory, &format!("dialog-{opener}")).await?;
            page.close_dialog().await?;
        }
        page.press("new-object").await?;
        page.enter("object-pages", "many").await?;
        page.press("object-submit").await?;
        in_all(page, &looks, directory, "refused-object").await?;
        page.close_dialog().await?;
        page.press("add-disk").await?;
        page.enter("disk-pages", "0").await?;
        page.press("disk-submit").await?;
        in_all(page, &looks, directory, "refused-disk").await?;
        page.close_dialog().await?;
        page.select("40..2").await?;
        in_all(page, &looks, directory, "refused-range").await?;
        page.harm_log(2).await?;
        page.reload().await?;
        in_all(page, &looks, directory, "trouble").await
    })
    .await
}

async fn in_all(page: &Page, looks: &[Look], directory: &Path, scene: &str) -> Result {
    for look in looks {
        page.look(*look).await?;
        take(page, directory, &format!("{scene}-{look}")).await?;
    }
    page.look(Look::default()).await
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
