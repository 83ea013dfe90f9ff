//! A session goes into a link and comes back from it, beside the person's own; what is malformed is
//! refused.

use std::path::Path;

use serde::Deserialize;
use serde_json::json;
use swap_playground_e2e::{LOOKS, Look, Page, Result, visit, visit_as};
use thirtyfour::Key;

/// What a person sees of a session.
#[derive(Debug, PartialEq)]
struct Seen {
    moment: (u64, bool),
    view: String,
    table: String,
    objects: Vec<u32>,
    free: u32,
}

async fn seen(page: &Page) -> Result<Seen> {
    let tab = "[role=tab][aria-selected=true]";
    let table = "const rows = document.querySelectorAll('#view tr'); return Array.from(rows, (row) => row.innerText).join('\\n');";
    Ok(Seen {
        moment: page.moment().await?,
        view: page.attribute_of(tab, "data-testid").await?,
        table: page.js(table, vec![]).await?,
        objects: page.objects().await?,
        free: page.free_pages().await?,
    })
}

/// Two disks, two objects, and one of them out but for a page.
async fn worked(page: &Page) -> Result {
    page.start_empty().await?;
    page.add_disk(256).await?;
    page.add_disk(128).await?;
    page.new_object(Some("heap"), 40).await?;
    page.fill("all").await?;
    page.page_out("all").await?;
    page.write(5, "five").await?;
    page.new_object(None, 8).await?;
    page.fill("0..3").await
}

/// What the dialog offers to be copied.
async fn shared(page: &Page, kind: &str) -> Result<String> {
    page.press("share").await?;
    page.find("share-text").await?;
    page.press(&format!("share-{kind}")).await?;
    let text = copied(page).await?;
    page.close_dialog().await?;
    Ok(text)
}

async fn copied(page: &Page) -> Result<String> {
    page.next_frame().await?;
    page.js(
        "return document.querySelector('[data-testid=share-text]').value;",
        vec![],
    )
    .await
}

async fn told(page: &Page, what: &str) -> Result {
    page.until(&format!("the trouble: {what}"), async || {
        // There is none while the page is loaded anew.
        let told = page.whole_text("trouble").await.unwrap_or_default();
        Ok(told.contains(what).then_some(()))
    })
    .await?;
    page.ready().await
}

#[tokio::test]
async fn a_link_shows_the_same_and_leaves_ones_own_session_alone() -> Result {
    visit(async |page| {
        worked(page).await?;
        page.press("view-tree").await?;
        page.press("table-toggle").await?;
        let now = page.moment().await?.0;
        for back in 1..=3 {
            page.press("transport-back").await?;
            page.until_moment(now - back).await?;
        }
        let before = seen(page).await?;
        assert!(!before.moment.1 && before.view == "view-tree" && before.table.len() > 20);
        let stored = page.stored().await?;
        let link = shared(page, "link").await?;
        println!("{} characters: {link}", link.len());
        assert!(
            link.starts_with(page.site()) && link.len() < 1_000,
            "{link}"
        );

        let own = page.driver().window().await?;
        page.open_tab().await?;
        page.look(Look::default()).await?;
        page.driver().goto(&link).await?;
        page.find("linked").await?;
        page.until_moment(before.moment.0).await?;
        assert_eq!(seen(page).await?, before);
        assert_eq!(page.whole_text("storage-badge").await?, "In memory");
        page.is_accessible("a session from a link").await?;
        // It can go on, and its bytes are real.
        page.press("transport-now").await?;
        page.ready().await?;
        page.press("table-toggle").await?;
        page.choose(1).await?;
        page.read("5").await?;
        assert_eq!(page.bytes(5).await?[..4], *b"five");
        page.destroy().await?;
        assert_eq!(page.objects().await?, [2]);
        assert!(page.stored().await? == stored, "what is stored has changed");

        // Another tab has the disks: it can't be kept, and goes on as it is.
        page.press("keep-linked").await?;
        page.press("storage-keep-linked").await?;
        page.until("the reason", async || {
            let place = page.text("storage-place").await?;
            Ok(place.contains("tab").then_some(()))
        })
        .await?;
        page.close_dialog().await?;
        assert!(page.stored().await? == stored);
        page.driver().close_window().await?;
        page.driver().switch_to_window(own).await?;
        assert_eq!(seen(page).await?, before);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_linked_session_is_kept_when_that_is_said_twice() -> Result {
    visit(async |page| {
        worked(page).await?;
        let link = shared(page, "link").await?;
        page.destroy().await?;
        let own = page.stored().await?;
        assert_eq!(page.objects().await?, [1]);

        // In the same tab: the address changes while the page is open.
        page.driver().goto(&link).await?;
        page.until_there("keep-linked", true).await?;
        page.ready().await?;
        assert_eq!(page.objects().await?, [1, 2]);
        page.press("storage-own").await?;
        page.until("one's own session", async || {
            Ok((page.objects().await? == [1]).then_some(()))
        })
        .await?;
        page.ready().await?;
        assert!(page.stored().await? == own);
        let address = page.driver().current_url().await?;
        assert_eq!(address.fragment(), None);

        page.driver().goto(&link).await?;
        page.until_there("keep-linked", true).await?;
        page.ready().await?;
        page.press("keep-linked").await?;
        page.press("storage-keep-linked").await?;
        page.find("storage-found").await?;
        assert!(page.stored().await? == own, "it wasn't asked first");
        page.press("storage-replace-found").await?;
        page.until("the other session to be stored", async || {
            let badge = page.text("storage-badge").await?;
            Ok(badge.contains("On this device").then_some(()))
        })
        .await?;
        page.close_dialog().await?;
        page.until_there("keep-linked", false).await?;
        page.reload().await?;
        assert_eq!(page.objects().await?, [1, 2]);
        assert_eq!(page.count("keep-linked").await?, 0);
        assert!(page.stored().await? != own);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn malformed_links_are_refused_with_the_reason_and_ones_own_session_opens() -> Result {
    visit(async |page| {
        worked(page).await?;
        let own = page.stored().await?;
        let link = shared(page, "link").await?;
        let (site, good) = link.split_once('#').ok_or("there is no link")?;
        let middle = good.len() / 2;
        let letter = if good.as_bytes()[middle] == b'A' {
            "B"
        } else {
            "A"
        };
        let cases = [
            (good[..middle].to_owned(), "It is cut short: only "),
            (format!("{good}and"), "Something is added to it"),
            (
                format!("{}{letter}{}", &good[..middle], &good[middle + 1..]),
                "its checksum doesn't match",
            ),
            (
                format!("{}!{}", &good[..good.len() - 1], ""),
                "is '!', which no link has",
            ),
            (
                good.replacen("=1.", "=2.", 1),
                "A newer version of Swap Playground made it (version 2",
            ),
            ("session=what".to_owned(), "It isn't a link to a session"),
            // As long and with a checksum as they should be.
            (
                "session=1.4.9b0d08f1.AAAA".to_owned(),
                "It can't be unpacked",
            ),
        ];
        for (bad, reason) in cases {
            page.driver().goto(&format!("{site}#{bad}")).await?;
            told(page, reason).await?;
            assert_eq!(page.objects().await?, [1, 2], "{reason}");
            assert!(page.stored().await? == own, "{reason}");
        }
        page.is_accessible("a link that is refused").await?;
        // The page works, with the session that is one's own.
        page.choose(1).await?;
        page.read("5").await?;
        page.driver().goto(&format!("{site}#session=")).await?;
        told(page, "It isn't a link to a session").await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_dialog_is_for_everyone() -> Result {
    for look in LOOKS {
        visit_as(look, async |page| {
            worked(page).await?;
            page.press("share").await?;
            page.find("share-text").await?;
            for kind in ["markdown", "link", "iframe", "element"] {
                page.press(&format!("share-{kind}")).await?;
                page.next_frame().await?;
            }
            let element = copied(page).await?;
            assert!(
                element.contains("<swap-playground session=\"1."),
                "{element}"
            );
            picture(page, &format!("share-{look}")).await?;
            page.is_accessible("the dialog of links").await?;
            // By keyboard: the arrow keys choose, the button copies or selects the text.
            page.press("share-link").await?;
            page.keys(Key::Right).await?;
            page.next_frame().await?;
            assert!(copied(page).await?.starts_with("<iframe src="));
            page.tab_to("share-with").await?;
            page.keys(' ').await?;
            page.next_frame().await?;
            page.tab_to("share-copy").await?;
            page.focus_is_seen().await?;
            page.keys(Key::Enter).await?;
            page.until("what came of it", async || {
                Ok((!page.text("share-said").await?.is_empty()).then_some(()))
            })
            .await?;
            let said = page.text("share-said").await?;
            assert!(said == "Copied." || said.contains("is selected"), "{said}");
            page.close_dialog().await?;
            let link = shared(page, "link").await?;
            page.driver().goto(&link).await?;
            page.find("linked").await?;
            picture(page, &format!("linked-{look}")).await
        })
        .await?;
    }
    Ok(())
}

async fn picture(page: &Page, name: &str) -> Result {
    if let Ok(folder) = std::env::var("PICTURES") {
        let file = Path::new(&folder).join(format!("{name}.png"));
        page.driver().screenshot(&file).await?;
    }
    Ok(())
}

/// What runs in a page with an element: `made` makes one with these attributes, `done` waits until it
/// has nothing to do.
const ELEMENTS: &str = "
    const errors = [];
    const made = async (attributes) => {
        const element = document.createElement('swap-playground');
        for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
        element.addEventListener('error', ({ detail }) => errors.push(detail.message));
        document.body.prepend(element);
        await customElements.whenDefined('swap-playground');
        await element.start();
        return element;
    };
    const done = (element) => until('the end', () => {
        const { operations, transfers } = element.snapshot();
        return operations + transfers === 0;
    });
    const inside = (element, id) => element.shadowRoot.querySelector(`[data-testid='${id}']`);
";

async fn example(page: &Page) -> Result {
    let address = format!("{}examples/plain.html", page.site());
    page.driver().goto(&address).await?;
    Ok(())
}

/// Forty commands as a lesson has them, and some three hundred transfers.
fn lesson() -> Vec<String> {
    let mut commands = vec![
        "swapon 0 4096".to_owned(),
        "swapon 1 4096".to_owned(),
        "swapon 2 2048".to_owned(),
        "create heap 4096".to_owned(),
        "create stack 512".to_owned(),
        "fill heap all".to_owned(),
        "fill stack all".to_owned(),
        "pageout heap all".to_owned(),
        "pageout stack all".to_owned(),
    ];
    for i in 0..31u32 {
        let at = i * 61 % 1900;
        commands.push(match i % 4 {
            0 => format!("read heap {at}..{}", at + 40),
            1 => format!("write heap {at} \"line {i} of the lesson\""),
            2 => format!("fill heap {at}..{}", at + 70),
            _ => format!("pageout heap {}..{at}", at.saturating_sub(99)),
        });
    }
    commands
}

#[tokio::test]
async fn a_lesson_fits_into_a_link_and_an_element_shows_it() -> Result {
    #[derive(Debug, Deserialize)]
    struct Found {
        length: usize,
        text: String,
        snapshots: Vec<String>,
        views: Vec<String>,
        errors: Vec<String>,
    }
    visit(async |page| {
        example(page).await?;
        let script = format!(
            "{ELEMENTS}
             const author = await made({{ height: '700px' }});
             for (const command of args[0]) {{
                 author.run(command);
                 await done(author);
             }}
             inside(author, 'view-memory').click();
             await new Promise((on) => setTimeout(on, 100));
             inside(author, 'share').click();
             const area = await until('the link', () => inside(author, 'share-text'));
             const link = area.value;
             inside(author, 'share-element').click();
             const text = await until('the element', () => area.value !== link && area.value);
             const session = /session=\"([^\"]+)\"/.exec(text)[1];
             const said = [JSON.stringify(author.snapshot())];
             author.remove();
             const reader = await made({{ session, view: 'stripes tree memory' }});
             said.push(JSON.stringify(reader.snapshot()));
             const tab = () => reader.shadowRoot.querySelector('[role=tab][aria-selected=true]').textContent;
             const views = [await until('the view', tab)];
             // Another, while it lives; and one that is none.
             reader.setAttribute('session', session.slice(0, -9));
             await until('the refusal', () => errors.length > 0 && inside(reader, 'trouble')?.textContent.includes('cut short'));
             said.push(String(reader.snapshot().events));
             reader.setAttribute('session', '#session=' + session);
             await until('the session again', () => {{ try {{ return reader.snapshot().objects.length === 2; }} catch {{ return false; }} }});
             said.push(JSON.stringify(reader.snapshot()));
             return {{ length: link.length, text, snapshots: said, views, errors }};"
        );
        let found: Found = page.js_async(&script, vec![json!(lesson())]).await?;
        println!("{} characters, {:?}", found.length, found.errors);
        let [made, read, refused, again] = &found.snapshots[..] else {
            return Err("there are not four snapshots".into());
        };
        assert_eq!((made, made), (read, again));
        assert_eq!(refused, "0");
        assert!(found.length < 2_000, "{}", found.length);
        assert_eq!(found.views, ["Memory"]);
        assert!(found.errors.len() == 1 && found.errors[0].contains("cut short"));
        assert!(found.text.contains("swap-playground.js\"></script>"));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_element_opens_files_of_its_own_site_only() -> Result {
    visit(async |page| {
        example(page).await?;
        let script = format!(
            "{ELEMENTS}
             const reader = await made({{ session: './none.swap.gz' }});
             await until('the first refusal', () => errors.length === 1);
             reader.setAttribute('session', 'https://elsewhere.example/a.swap.gz');
             await until('the second', () => errors.length === 2);
             reader.removeAttribute('session');
             await until('a fresh session', () => {{ try {{ return reader.snapshot().events === 0; }} catch {{ return false; }} }});
             return errors;"
        );
        let errors: Vec<String> = page.js_async(&script, vec![]).await?;
        assert!(errors[0].contains("The server answers 404"), "{errors:?}");
        assert!(errors[1].contains("on another site"), "{errors:?}");
        // That is what was asked for.
        page.forget_console().await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_element_shows_the_session_of_a_file() -> Result {
    visit(async |page| {
        example(page).await?;
        let script = format!(
            "{ELEMENTS}
             const author = await made({{}});
             for (const command of ['swapon 0 256', 'create heap 40', 'fill heap all', 'pageout heap all']) {{
                 author.run(command);
                 await done(author);
             }}
             let file;
             const make = URL.createObjectURL;
             URL.createObjectURL = (blob) => {{ file = blob; return make(blob); }};
             HTMLAnchorElement.prototype.click = () => {{}};
             inside(author, 'storage-badge').click();
             (await until('the button', () => inside(author, 'storage-save'))).click();
             await until('the file', () => file);
             const said = JSON.stringify(author.snapshot());
             const reader = await made({{ session: make(file) }});
             return [said, JSON.stringify(reader.snapshot()), ...errors];"
        );
        let said: Vec<String> = page.js_async(&script, vec![]).await?;
        assert!(said.len() == 2 && said[0] == said[1], "{said:?}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_frame_opens_a_link_too() -> Result {
    visit(async |page| {
        worked(page).await?;
        let frame = shared(page, "iframe").await?;
        example(page).await?;
        let script = "document.body.insertAdjacentHTML('afterbegin', args[0]);
            const frame = document.querySelector('iframe');
            for (let tries = 0; tries < 1500; tries += 1) {
                const cards = frame.contentDocument?.querySelectorAll('.card') ?? [];
                if (cards.length === 2) {
                    const strip = frame.contentDocument.querySelector('[data-testid=linked]');
                    return [cards[0].textContent, String(strip.hidden)];
                }
                await new Promise((on) => setTimeout(on, 20));
            }
            throw new Error('the session is not there');";
        let found: Vec<String> = page.js_async(script, vec![json!(frame)]).await?;
        assert!(found[0].contains("heap"), "{found:?}");
        // Nothing of the reader's is stored there: there is nothing to tell apart.
        assert_eq!(found[1], "true");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_is_too_long_for_a_link_is_offered_as_a_file() -> Result {
    visit(async |page| {
        example(page).await?;
        let script = format!(
            "{ELEMENTS}
             const author = await made({{}});
             author.run('create heap 200');
             let random = 7;
             const letter = () => String.fromCharCode(97 + ((random = (random * 1103515245 + 12345) % 2147483648) >> 8) % 26);
             for (let i = 0; i < 120; i += 1) {{
                 author.run(`write heap ${{i}} \"${{Array.from({{ length: 90 }}, letter).join('')}}\"`);
                 await done(author);
             }}
             inside(author, 'share').click();
             const long = await until('the offer', () => inside(author, 'share-long'));
             let named;
             HTMLAnchorElement.prototype.click = function () {{ named = this.download; }};
             (await until('the button', () => inside(author, 'share-save'))).click();
             await until('the file', () => named);
             return [long.textContent, String(!!inside(author, 'share-text')), named];"
        );
        let found: Vec<String> = page.js_async(&script, vec![]).await?;
        assert!(found[0].contains("Save the session as a file instead"), "{found:?}");
        assert_eq!(found[1], "false");
        assert!(found[2].ends_with(".swap.gz"), "{found:?}");
        Ok(())
    })
    .await
}
