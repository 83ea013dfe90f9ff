//! A session goes into a file, and comes back from it; what is damaged is refused.

use std::io::{Read, Write};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use swap_pager::units::{ObjectId, PageIndex};
use swap_playground_e2e::{LOOKS, Page, Result, visit, visit_as};

#[tokio::test]
async fn a_saved_session_comes_back_whole() -> Result {
    visit(async |page| {
        paged_out(page).await?;
        let (events, free) = (page.events().await?, page.free_pages().await?);
        let stored = page.stored().await?;
        let (name, file) = save(page, "storage-save").await?;
        assert!(
            name.starts_with("swap-session-20") && name.ends_with(".swap.gz"),
            "{name}"
        );
        let text = unpack(&file)?;
        let first: Value = serde_json::from_str(text.lines().next().unwrap_or_default())?;
        assert_eq!(first["version"], 1);
        assert_eq!(first["lines"], stored.log.len());
        page.close_dialog().await?;

        // An empty session is replaced unasked.
        page.clear_all().await?;
        assert_eq!(page.stored().await?.blocks.len(), 0);
        offer(page, &name, &file).await?;
        page.until("the session to be there", async || {
            Ok((page.objects().await? == [1, 2]).then_some(()))
        })
        .await?;
        page.ready().await?;
        assert_eq!(
            (page.events().await?, page.free_pages().await?),
            (events, free)
        );
        let again = page.stored().await?;
        assert!(again.log == stored.log, "the log is another");
        assert!(again.blocks == stored.blocks, "the blocks are others");
        page.reload().await?;
        assert_eq!(page.events().await?, events);
        let pattern = stored.first_fill()?;
        page.choose(1).await?;
        page.read("all").await?;
        for number in [0, 5, 17, 39] {
            let mut written = pattern.bytes(ObjectId(1), PageIndex(number));
            if number == 5 {
                written[..4].copy_from_slice(b"five");
            }
            assert!(page.bytes(number).await? == written, "page {number}");
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_session_is_replaced_only_when_that_is_wanted() -> Result {
    visit(async |page| {
        paged_out(page).await?;
        let (name, file) = save(page, "storage-save").await?;
        page.close_dialog().await?;
        page.new_object(Some("since"), 8).await?;
        let before = page.stored().await?;

        offer(page, &name, &file).await?;
        let asked = page.text("file-offer").await?;
        assert!(asked.contains("a session of 10 commands"), "{asked}");
        page.press("storage-keep-session").await?;
        page.close_dialog().await?;
        assert_eq!(page.objects().await?, [1, 2, 3]);
        assert!(page.stored().await? == before);

        // A file can be dropped on the page, too.
        drop_on_page(page, &name, &file).await?;
        page.press("storage-replace").await?;
        page.until("the session to be replaced", async || {
            Ok((page.objects().await? == [1, 2]).then_some(()))
        })
        .await?;
        page.ready().await?;
        assert!(page.stored().await?.log.len() < before.log.len());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn damaged_files_are_refused_with_the_reason() -> Result {
    visit(async |page| {
        paged_out(page).await?;
        let (_, good) = save(page, "storage-save").await?;
        page.close_dialog().await?;
        let before = page.stored().await?;
        let text = unpack(&good)?;
        let mut flipped = good.clone();
        let middle = flipped.len() / 2;
        flipped[middle] ^= 0x10;
        let bomb = pack(&vec![b' '; 600 << 20])?;
        let cases = [
            (b"no gzip at all".to_vec(), "can't be unpacked"),
            (good[..good.len() / 2].to_vec(), "can't be unpacked"),
            (flipped, "damaged"),
            (pack(b"a text\n")?, "isn't a session"),
            (
                pack(
                    text.replacen("\"version\":1", "\"version\":2", 1)
                        .as_bytes(),
                )?,
                "A newer version",
            ),
            (
                pack(text.replace("heap", "haep").as_bytes())?,
                "its checksum doesn't match",
            ),
            (pack(text.trim_end().as_bytes())?, "lines after the first"),
            (
                changed(&text, "\"swapon\"", "\"swapoff\"")?,
                "line 3 is no record",
            ),
            (
                changed(&text, "{\"done\":{\"io\":1}}", "{\"done\":{\"io\":9}}")?,
                "can't have happened",
            ),
            (bomb, "unpacks to more"),
        ];
        for (file, reason) in cases {
            offer(page, "file.swap.gz", &file).await?;
            page.until(&format!("the refusal: {reason}"), async || {
                let told = page.text("file-offer").await?;
                Ok((told.contains(reason) && told.contains("Nothing has changed")).then_some(()))
            })
            .await?;
            page.close_dialog().await?;
            assert!(page.stored().await? == before, "{reason}");
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_can_not_be_opened_can_be_exported_and_brought_back() -> Result {
    visit(async |page| {
        paged_out(page).await?;
        let before = page.stored().await?;
        // Damage that is healed in the file, as by somebody who knows how.
        page.harm_log(2).await?;
        page.reload().await?;
        page.find("trouble").await?;
        let (name, file) = save(page, "storage-export").await?;
        assert!(name.starts_with("swap-database-"), "{name}");
        let text = unpack(&file)?;
        assert!(text.contains("\"store\":\"pages\"") && text.contains("\"store\":\"groups\""));
        page.close_dialog().await?;

        // As it is, the session in it can't be read here either.
        offer(page, &name, &file).await?;
        page.until("the refusal", async || {
            let told = page.text("file-offer").await?;
            Ok(told
                .contains("record 2 of its log has changed")
                .then_some(()))
        })
        .await?;
        page.close_dialog().await?;

        page.harm_log(2).await?;
        page.reload().await?;
        assert!(page.stored().await? == before);
        let (name, file) = save(page, "storage-export").await?;
        page.close_dialog().await?;
        page.clear_all().await?;
        offer(page, &name, &file).await?;
        page.until("the session to be there", async || {
            Ok((page.objects().await? == [1, 2]).then_some(()))
        })
        .await?;
        page.ready().await?;
        assert!(page.stored().await? == before);
        page.reload().await?;
        assert!(page.stored().await? == before);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_files_of_the_dialog_are_for_everyone() -> Result {
    for look in LOOKS {
        visit_as(look, async |page| {
            page.start_empty().await?;
            offer(page, "holiday.jpg", b"no session").await?;
            page.until("the refusal", async || {
                let told = page.text("file-offer").await?;
                Ok(told.contains("can't be opened").then_some(()))
            })
            .await?;
            if let Ok(folder) = std::env::var("PICTURES") {
                let picture =
                    format!("{folder}/files-{look:?}.png").replace([' ', '{', '}', ':', ','], "");
                page.driver()
                    .screenshot(std::path::Path::new(&picture))
                    .await?;
            }
            page.is_accessible("the files of the storage dialog").await
        })
        .await?;
    }
    Ok(())
}

/// Two objects, one of them out on two disks but for a few pages.
async fn paged_out(page: &Page) -> Result {
    page.start_empty().await?;
    page.add_disk(256).await?;
    page.add_disk(128).await?;
    page.new_object(Some("heap"), 40).await?;
    page.fill("all").await?;
    page.page_out("all").await?;
    page.write(5, "five").await?;
    page.page_out("5").await?;
    page.read("8..9").await?;
    page.new_object(None, 8).await?;
    page.fill("0..3").await
}

/// Saves by a button of the storage dialog. Returns the name and the bytes of the file.
async fn save(page: &Page, button: &str) -> Result<(String, Vec<u8>)> {
    let catch = "const make = URL.createObjectURL;
        URL.createObjectURL = (blob) => { window.saved = blob; return make(blob); };
        HTMLAnchorElement.prototype.click = function () { window.savedAs = this.download; };
        window.savedAs = null;";
    let () = page.js(catch, vec![]).await?;
    page.press("storage-badge").await?;
    page.press(button).await?;
    let name = page
        .until("the file", async || {
            page.js::<Option<String>>("return window.savedAs;", vec![])
                .await
        })
        .await?;
    let read =
        "const bytes = new Uint8Array(await window.saved.arrayBuffer()); return bytes.toBase64();";
    let bytes: String = page.js_async(read, vec![]).await?;
    Ok((name, BASE64_STANDARD.decode(bytes)?))
}

const FILES: &str = "const files = new DataTransfer();
    files.items.add(new File([Uint8Array.fromBase64(arguments[1])], arguments[0]));";

/// Chooses a file in the storage dialog.
async fn offer(page: &Page, name: &str, file: &[u8]) -> Result {
    page.press("storage-badge").await?;
    page.find("storage-open").await?;
    let choose = format!(
        "{FILES} const field = document.querySelector('[data-testid=storage-open]');
         field.files = files.files;
         field.dispatchEvent(new Event('change', {{ bubbles: true }}));"
    );
    page.js(
        &choose,
        vec![json!(name), json!(BASE64_STANDARD.encode(file))],
    )
    .await
}

async fn drop_on_page(page: &Page, name: &str, file: &[u8]) -> Result {
    let drop = format!(
        "{FILES} const place = document.querySelector('[data-testid=log]');
         for (const event of ['dragover', 'drop'])
             place.dispatchEvent(new DragEvent(event, {{ bubbles: true, cancelable: true, dataTransfer: files }}));"
    );
    page.js(
        &drop,
        vec![json!(name), json!(BASE64_STANDARD.encode(file))],
    )
    .await
}

fn unpack(file: &[u8]) -> Result<String> {
    let mut text = String::new();
    GzDecoder::new(file).read_to_string(&mut text)?;
    Ok(text)
}

fn pack(text: &[u8]) -> Result<Vec<u8>> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    packer.write_all(text)?;
    Ok(packer.finish()?)
}

/// The file with something else in it, and a checksum that is right.
fn changed(text: &str, from: &str, to: &str) -> Result<Vec<u8>> {
    let (first, body) = text.split_once('\n').ok_or("there is no header")?;
    let body = body.replacen(from, to, 1);
    let mut header: Value = serde_json::from_str(first)?;
    header["crc"] = json!(crc32fast::hash(body.as_bytes()));
    pack(format!("{header}\n{body}").as_bytes())
}
