//! Pictures of what is shown, as SVG and PNG.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::Deserialize;
use serde_json::json;
use swap_playground_e2e::{Look, Page, Result, Scheme, Screen, visit, visit_as};
use thirtyfour::prelude::*;

/// The six views, by their names in test ids.
const VIEWS: [&str; 6] = ["stripes", "linear", "tree", "metadata", "buffers", "memory"];

/// Keeps what is saved, and the name it is saved by.
const CATCH: &str = "
    const make = URL.createObjectURL;
    URL.createObjectURL = (blob) => { window.made = blob; return make.call(URL, blob); };
    HTMLAnchorElement.prototype.click = function () { window.savedAs = this.download; };
    return null;";

/// A machine with something in every view.
async fn machine(page: &Page) -> Result {
    page.start_empty().await?;
    page.add_disk(2048).await?;
    page.add_disk(512).await?;
    page.new_object(Some("heap"), 300).await?;
    page.fill("all").await?;
    page.page_out("0..199").await?;
    page.read("3").await
}

/// What is saved when a button of the dialog is pressed: the name, and the file.
async fn saved(page: &Page, button: &str) -> Result<(String, Vec<u8>)> {
    page.js::<()>("window.savedAs = undefined; return null;", vec![])
        .await?;
    page.press(button).await?;
    let script = "await until('what is saved', () => window.savedAs);
        return [window.savedAs, new Uint8Array(await window.made.arrayBuffer()).toBase64()];";
    let (name, file): (String, String) = page.js_async(script, vec![]).await?;
    Ok((name, BASE64_STANDARD.decode(file)?))
}

/// Opens the dialog and waits for its picture.
async fn offer(page: &Page) -> Result {
    page.press("picture").await?;
    drawn(page).await
}

async fn drawn(page: &Page) -> Result {
    let script = "const [image, said] = ['picture-preview', 'picture-said'].map((id) => document.querySelector(`[data-testid=${id}]`));
        await until('the picture', () => said.textContent || (image.complete && image.naturalWidth > 0));
        return said.textContent;";
    page.until_there("picture-preview", true).await?;
    let said: String = page.js_async(script, vec![]).await?;
    match said.as_str() {
        "" => Ok(()),
        said => Err(said.into()),
    }
}

/// A picture in pixels.
struct Pixels {
    width: usize,
    height: usize,
    rgb: Vec<[u8; 3]>,
}

fn pixels(file: &[u8]) -> Result<Pixels> {
    let mut reader = png::Decoder::new(std::io::Cursor::new(file)).read_info()?;
    let mut data = vec![0; reader.output_buffer_size().ok_or("too large")?];
    let info = reader.next_frame(&mut data)?;
    let channels = info.color_type.samples();
    let rgb = data[..info.buffer_size()].chunks_exact(channels);
    Ok(Pixels {
        width: info.width as usize,
        height: info.height as usize,
        rgb: rgb.map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect(),
    })
}

#[derive(Deserialize)]
struct Place {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
}

/// What share of the pixels of the view on the screen is the same in a picture, which has it
/// from `top` on. What is only to be pressed is in no picture.
async fn likeness(page: &Page, picture: &Pixels, top: usize) -> Result<f64> {
    let script = "for (const button of document.querySelectorAll('#view button:not(.line, .link)')) button.style.visibility = 'hidden';
        document.activeElement?.blur();
        const { x, y, width, height } = document.getElementById('view').getBoundingClientRect();
        return { x, y, width, height };";
    let place: Place = page.js(script, vec![]).await?;
    let screen = pixels(&page.driver().screenshot_as_png().await?)?;
    let (mut same, mut all) = (0u32, 0u32);
    for y in 0..place.height as usize {
        for x in 0..place.width as usize {
            let on_screen = (place.y as usize + y) * screen.width + place.x as usize + x;
            let in_picture = (top + y) * picture.width + 24 + x;
            let (Some(a), Some(b)) = (screen.rgb.get(on_screen), picture.rgb.get(in_picture))
            else {
                continue;
            };
            // What is blank below all is left away.
            if top + y >= picture.height - 24 {
                break;
            }
            let alike = a.iter().zip(b).all(|(a, b)| a.abs_diff(*b) < 40);
            same += u32::from(alike);
            all += 1;
        }
    }
    Ok(f64::from(same) / f64::from(all.max(1)))
}

/// How far down the view begins in a picture.
fn top(svg: &str) -> Result<usize> {
    let at = svg.split_once("translate(24 ").ok_or("no view in it")?.1;
    let number = at.split_once(')').ok_or("no view in it")?.0;
    Ok(number.parse::<f64>()?.round() as usize)
}

#[tokio::test]
async fn every_view_is_in_its_picture_as_it_is_on_the_screen() -> Result {
    visit(async |page| {
        machine(page).await?;
        page.js::<()>(CATCH, vec![]).await?;
        for table in [false, true] {
            if table {
                page.press("table-toggle").await?;
            }
            for view in VIEWS {
                page.press(&format!("view-{view}")).await?;
                page.next_frame().await?;
                offer(page).await?;
                let (name, svg) = saved(page, "picture-svg").await?;
                let svg = String::from_utf8(svg)?;
                assert!(name.starts_with("swap-") && name.ends_with(".svg"), "{name}");
                // Vectors and text, and nothing from elsewhere.
                for foreign in ["<image", "foreignObject", "href", "style=", "http:", "https:", "data:"] {
                    let own = svg.replace("http://www.w3.org/2000/svg", "");
                    assert!(!own.contains(foreign), "{view} has {foreign}");
                }
                let script = "const parsed = new DOMParser().parseFromString(args[0], 'image/svg+xml');
                    const texts = [...parsed.querySelectorAll('text')].map((text) => text.textContent);
                    return [parsed.querySelector('parsererror')?.textContent ?? '', texts, parsed.querySelectorAll('path').length];";
                let (wrong, texts, paths): (String, Vec<String>, usize) =
                    page.js_async(script, vec![json!(svg)]).await?;
                assert_eq!(wrong, "", "{view}");
                assert!(paths > 3, "{view}: {paths} paths");
                let told = texts.join(" ");
                assert!(told.contains("The machine after"), "{told}");
                page.js::<()>("document.querySelector('[data-testid=picture-scale]').value = '1'; return null;", vec![]).await?;
                let (_, png) = saved(page, "picture-png").await?;
                let picture = pixels(&png)?;
                if let Ok(folder) = std::env::var("PICTURES") {
                    std::fs::write(format!("{folder}/picture-{view}-{table}.svg"), &svg)?;
                    std::fs::write(format!("{folder}/picture-{view}-{table}.png"), &png)?;
                    page.driver().screenshot(std::path::Path::new(&format!("{folder}/dialog-{view}-{table}.png"))).await?;
                }
                page.keys(Key::Escape).await?;
                page.until_there("picture-dialog", false).await?;
                let like = likeness(page, &picture, top(&svg)?).await?;
                println!("{view}, table {table}: {} bytes, {paths} paths, {like:.3} alike", svg.len());
                assert!(like > 0.97, "{view}, table {table}: only {like:.3} is alike");
            }
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_dark_page_gives_a_light_picture_and_stays_dark() -> Result {
    let dark = Look {
        scheme: Scheme::Dark,
        screen: Screen::Wide,
    };
    visit_as(dark, async |page| {
        machine(page).await?;
        page.js::<()>(CATCH, vec![]).await?;
        let before = page.canvas("stripe-canvas").await?;
        // The keyboard's way.
        page.tab_to("picture").await?;
        page.keys(Key::Enter).await?;
        drawn(page).await?;
        let (_, light) = saved(page, "picture-svg").await?;
        let (light, dark) = (
            String::from_utf8(light)?,
            page.style_color("--ground").await?,
        );
        assert!(light.contains("<rect width=\"100%\" height=\"100%\" fill=\"#f7f8f5\"/>"));
        // Of the object, as it is on paper, and never as it is here.
        assert!(light.contains("#0072b2") && !light.contains("#4ea5e6"));
        page.js::<()>(
            "const theme = document.querySelector('[data-testid=picture-theme]');
             theme.value = 'dark'; theme.dispatchEvent(new Event('change')); return null;",
            vec![],
        )
        .await?;
        page.until("the dark picture", async || {
            let (_, svg) = saved(page, "picture-svg").await?;
            Ok(String::from_utf8(svg)?.contains("#4ea5e6").then_some(()))
        })
        .await?;
        page.enter("picture-title", "Swap <of> \"A & B\"").await?;
        let (name, svg) = saved(page, "picture-svg").await?;
        let svg = String::from_utf8(svg)?;
        assert_eq!(name, "swap-swap-of-a-b.svg");
        assert!(
            svg.contains("<title>Swap &#60;of&#62; &#34;A &#38; B&#34;</title>"),
            "{}",
            &svg[..400]
        );
        // Twice as fine, if nobody says otherwise.
        let (name, png) = saved(page, "picture-png").await?;
        let width: usize = svg
            .split("width=\"")
            .nth(1)
            .and_then(|rest| rest.split('"').next())
            .ok_or("no width")?
            .parse()?;
        let picture = pixels(&png)?;
        assert_eq!(
            (name.as_str(), picture.width),
            ("swap-swap-of-a-b.png", 2 * width)
        );
        assert!(picture.height > 200);
        page.keys(Key::Escape).await?;
        page.until_there("picture-dialog", false).await?;
        assert_eq!(page.focused().await?, "picture");
        assert_eq!(page.style_color("--ground").await?, dark);
        let after = page.canvas("stripe-canvas").await?;
        assert!(
            before.rows().eq(after.rows()),
            "the map on the screen is another one"
        );
        Ok(())
    })
    .await
}

#[tokio::test]
async fn other_parts_have_pictures_too() -> Result {
    visit(async |page| {
        machine(page).await?;
        page.js::<()>(CATCH, vec![]).await?;
        offer(page).await?;
        let parts: Vec<String> = page
            .js("return [...document.querySelectorAll('[data-testid=picture-what] option')].map(({ textContent }) => textContent);", vec![])
            .await?;
        assert_eq!(parts, ["Stripes", "Objects", "Inspector", "Log", "Time"]);
        for (part, has) in [("1", "heap"), ("3", "getpages"), ("4", "event ")] {
            page.js::<()>(
                "const what = document.querySelector('[data-testid=picture-what]');
                 what.value = arguments[0]; what.dispatchEvent(new Event('change')); return null;",
                vec![json!(part)],
            )
            .await?;
            drawn(page).await?;
            let svg = page
                .until("the part", async || {
                    let (_, svg) = saved(page, "picture-svg").await?;
                    let svg = String::from_utf8(svg)?;
                    Ok(svg.contains(has).then_some(svg))
                })
                .await?;
            if let Ok(folder) = std::env::var("PICTURES") {
                std::fs::write(format!("{folder}/part-{part}.svg"), &svg)?;
                page.driver().screenshot(std::path::Path::new(&format!("{folder}/part-{part}.png"))).await?;
            }
            assert!(svg.matches("<path").count() > 1, "part {part}");
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_dialog_fits_and_is_accessible() -> Result {
    for scheme in [Scheme::Light, Scheme::Dark] {
        for screen in [Screen::Wide, Screen::Narrow] {
            visit_as(Look { screen, scheme }, async |page| {
                page.run_demo().await?;
                if screen == Screen::Narrow {
                    page.show_tab("views").await?;
                }
                offer(page).await?;
                let fits: bool = page
                    .js("const dialog = document.querySelector('[data-testid=picture-dialog]'); return dialog.scrollWidth <= dialog.clientWidth;", vec![])
                    .await?;
                assert!(fits);
                if let Ok(folder) = std::env::var("PICTURES") {
                    page.driver().screenshot(std::path::Path::new(&format!("{folder}/offer-{screen:?}-{scheme:?}.png"))).await?;
                }
                page.is_accessible("the dialog for pictures").await?;
                page.has_contrast("the dialog for pictures").await
            })
            .await?;
        }
    }
    Ok(())
}

#[tokio::test]
async fn an_element_has_pictures_of_itself() -> Result {
    visit(async |page| {
        let site = page.driver().current_url().await?;
        page.driver().goto(site.join("examples/dark.html")?.as_str()).await?;
        let script = "const element = document.querySelector('swap-playground');
            await customElements.whenDefined('swap-playground');
            await element.start();
            await until('the session', () => { try { return element.snapshot(); } catch { return null; } });
            const make = URL.createObjectURL;
            let made;
            URL.createObjectURL = (blob) => { made = blob; return make.call(URL, blob); };
            HTMLAnchorElement.prototype.click = () => {};
            element.setAttribute('controls', 'full');
            element.run('swapon 0 256');
            const inside = (id) => element.shadowRoot.querySelector(`[data-testid=${id}]`);
            (await until('the button', () => inside('picture'))).click();
            await until('the picture', () => inside('picture-preview')?.naturalWidth > 0);
            inside('picture-svg').click();
            await until('the file', () => inside('picture-said').textContent === 'Saved.');
            return await made.text();";
        let svg: String = page.js_async(script, vec![]).await?;
        assert!(svg.contains("fill=\"#f7f8f5\"") && svg.contains("256"), "{}", &svg[..600]);
        Ok(())
    })
    .await
}
