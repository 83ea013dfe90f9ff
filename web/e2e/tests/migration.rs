//! What an older release stored is there after an upgrade; what a newer one stored is left alone.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};
use swap_pager::units::{ObjectId, PageIndex};
use swap_playground_e2e::{Page, Result, visit};

/// What the first release left: an object of 40 pages that are all on swap. Page 3 was written to
/// once more.
const FORMAT_1: &[u8] = include_bytes!("../../tests/fixtures/format-1.json.gz");

#[tokio::test]
async fn the_session_of_the_first_release_is_all_there() -> Result {
    visit(async |page| {
        with_format_1(page, 1).await?;
        page.open().await?;
        assert!(page.text("storage-badge").await?.contains("On this device"));
        assert_eq!(page.objects().await?, [1]);
        let stored = page.stored().await?;
        assert_eq!((stored.blocks.len(), stored.count("do")), (40, 8));
        page.choose(1).await?;
        page.read("all").await?;
        let pattern = stored.first_fill()?;
        for number in [0, 3, 8, 39] {
            let mut written = pattern.bytes(ObjectId(1), PageIndex(number));
            if number == 3 {
                written[..21].copy_from_slice(b"kept over a migration");
            }
            assert!(page.bytes(number).await? == written, "page {number}");
        }
        page.reload().await?;
        assert_eq!(page.stored().await?.count("do"), 9);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_newer_database_is_refused_left_alone_and_can_be_exported() -> Result {
    visit(async |page| {
        with_format_1(page, 9).await?;
        page.open().await?;
        let told = page.text("trouble").await?;
        assert!(told.contains("their format is 9"), "{told}");
        assert!(told.contains("export the stored data"), "{told}");
        page.start_empty().await?;
        page.add_disk(64).await?;
        let catch = "const make = URL.createObjectURL;
            URL.createObjectURL = (blob) => { window.saved = blob; return make(blob); };
            HTMLAnchorElement.prototype.click = function () { window.savedAs = this.download; };";
        let () = page.js(catch, vec![]).await?;
        page.press("storage-badge").await?;
        page.press("storage-export").await?;
        page.until("the file", async || {
            page.js::<Option<String>>("return window.savedAs ?? null;", vec![])
                .await
        })
        .await?;
        let read = "const text = await new Response(window.saved.stream()
                .pipeThrough(new DecompressionStream('gzip'))).text();
            return text.trim().split('\\n').map((line) => JSON.parse(line));";
        let lines: Vec<Value> = page.js_async(read, vec![]).await?;
        assert_eq!(lines[1], json!({ "version": 9 }));
        let of = |store: &str| lines.iter().filter(|line| line["store"] == store).count();
        assert_eq!(
            [of("groups"), of("pages"), of("log"), of("meta")],
            [5, 1, 13, 1]
        );
        let version = "return (await indexedDB.databases())[0].version;";
        assert_eq!(page.js_async::<u32>(version, vec![]).await?, 9);
        Ok(())
    })
    .await
}

/// Leaves the page, and makes its database one of the first release, but of this version.
async fn with_format_1(page: &Page, version: u32) -> Result {
    let site = page.driver().current_url().await?;
    let elsewhere = site.join("?storage=memory")?;
    page.driver().goto(elsewhere.as_str()).await?;
    let make = "const [packed, version] = args;
        const unpacked = new Blob([Uint8Array.fromBase64(packed)]).stream()
            .pipeThrough(new DecompressionStream('gzip'));
        const entries = await new Response(unpacked).json();
        indexedDB.deleteDatabase('swap-playground');
        const request = indexedDB.open('swap-playground', version);
        request.onupgradeneeded = () => {
            for (const name of ['groups', 'pages', 'log', 'meta']) {
                const store = request.result.createObjectStore(name, { autoIncrement: name === 'log' });
                for (const [key, value] of entries[name])
                    store.put(typeof value === 'string' ? Uint8Array.fromBase64(value) : value, key);
            }
        };
        await new Promise((done, failed) => {
            request.onsuccess = done;
            request.onerror = () => failed(request.error);
        });
        request.result.close();";
    let packed = BASE64_STANDARD.encode(FORMAT_1);
    page.js_async(make, vec![json!(packed), json!(version)])
        .await
}
