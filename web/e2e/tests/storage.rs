//! The browser takes the disks away, or refuses: the page says so, and there is a way on.

use swap_playground_e2e::{Look, Page, Result, visit};

const PAGES: u32 = 512;
const MIB: u64 = 1 << 20;

/// Disks, and an object that is dirty; all of it stored.
async fn dirty(page: &Page, pages: u32) -> Result {
    page.start_empty().await?;
    for _ in 0..2 {
        page.add_disk(4096).await?;
    }
    page.new_object(Some("heap"), pages).await?;
    page.fill("all").await
}

/// What the strip says, once it is there.
async fn refusal(page: &Page) -> Result<String> {
    page.until_there("stall-memory", true).await?;
    page.text("stall").await
}

/// All pages are on the disks, and come back as they were written, also after a reload.
async fn all_is_there(page: &Page, pages: u32) -> Result {
    page.until_there("stall-memory", false).await?;
    page.until("the pageout to end", async || {
        let busy = page.is_busy().await? || page.in_flight().await? > 0;
        Ok((!busy).then_some(()))
    })
    .await?;
    let badge = page.text("storage-badge").await?;
    assert_eq!(badge, "On this device");
    page.reload().await?;
    let stored = page.stored().await?;
    assert_eq!(stored.blocks.len(), pages as usize);
    page.choose(1).await?;
    let before = page.transferred("read").await?;
    page.read("all").await?;
    assert_eq!(page.transferred("read").await? - before, pages);
    let written = stored.first_fill()?;
    for number in [0, 1, 15, 16, pages - 1] {
        let expected = written.bytes(
            swap_pager::units::ObjectId(1),
            swap_pager::units::PageIndex(number),
        );
        assert!(page.bytes(number).await? == expected, "page {number}");
    }
    Ok(())
}

#[tokio::test]
async fn disks_deleted_underneath_are_stored_anew() -> Result {
    visit(async |page| {
        dirty(page, PAGES).await?;
        page.page_out("0..99").await?;
        assert!(!page.warns().await?);
        page.delete_disks().await?;
        page.press("pageout").await?;
        page.select("all").await?;
        page.press("pageout").await?;
        let said = refusal(page).await?;
        assert!(said.contains("another tab deletes"), "{said}");
        assert!(said.contains("Nothing is lost as long as"), "{said}");
        assert_eq!(page.text("storage-badge").await?, "Not stored yet");
        assert!(page.warns().await?);
        assert!(page.stored_if_any().await?.is_none());

        // By keyboard: the dialog tells what is what, and does the same.
        page.tab_to("stall-more").await?;
        page.focus_is_seen().await?;
        page.keys("\u{e007}").await?;
        let told = page.text("storage-ways").await?;
        assert!(
            told.contains("store in them all that this session has"),
            "{told}"
        );
        page.close_dialog().await?;
        page.press("stall-reopen").await?;
        all_is_there(page, PAGES).await
    })
    .await
}

#[tokio::test]
async fn what_the_browser_takes_back_is_tried_again() -> Result {
    visit(async |page| {
        dirty(page, PAGES).await?;
        page.refuse_writes(false).await?;
        page.select("all").await?;
        page.press("pageout").await?;
        let said = refusal(page).await?;
        assert!(said.contains("took back what was to be stored"), "{said}");
        assert!(said.contains("4 transfers wait"), "{said}");
        assert_eq!(page.in_flight().await?, 4);
        // For as long as it is tried again the strip is gone; from outside, that could be missed.
        let again = "const strip = () => document.querySelector('[data-testid=stall-again]');
            strip().click();
            await until('it to be tried again', () => !strip());
            await until('another refusal', strip);
            return null;";
        let () = page.js_async(again, vec![]).await?;
        page.take_writes().await?;
        page.press("stall-again").await?;
        all_is_there(page, PAGES).await
    })
    .await
}

#[tokio::test]
async fn transfers_that_are_let_fail_are_errors_of_the_disk() -> Result {
    visit(async |page| {
        dirty(page, 64).await?;
        page.refuse_writes(false).await?;
        page.select("all").await?;
        page.press("pageout").await?;
        refusal(page).await?;
        page.take_writes().await?;
        page.press("stall-fail").await?;
        page.ready().await?;
        page.until_log_tells("EIO").await?;
        page.until_log_tells("took back what was to be stored")
            .await?;
        assert_eq!(page.stored().await?.blocks.len(), 0);
        // Nothing of them is lost, so they go out in the end.
        page.page_out("all").await?;
        all_is_there(page, 64).await
    })
    .await
}

#[tokio::test]
async fn writes_stop_before_there_is_no_room_at_all() -> Result {
    visit(async |page| {
        let pages = 2048;
        page.tell_room(86 * MIB, 100 * MIB).await?;
        dirty(page, pages).await?;
        page.select("all").await?;
        page.press("pageout").await?;
        let said = refusal(page).await?;
        assert!(said.contains("There is hardly any room left"), "{said}");
        page.press("stall-more").await?;
        let told = page.text("storage-ways").await?;
        assert!(told.contains(" of 100 MiB are used, so "), "{told}");
        assert!(told.contains("8 MiB are left alone"), "{told}");
        page.close_dialog().await?;
        // Six MiB were left for blocks and for the site's own files, which it keeps too. What the browser tells
        // of its use comes late, and when it has compressed what it keeps: a little more than that may be there.
        let blocks = page.stored().await?.blocks.len();
        assert!((256..pages as usize).contains(&blocks), "{blocks}");

        // The log has room still: what is done now survives.
        page.new_object(Some("later"), 8).await?;
        page.until("the object to be stored", async || {
            Ok((!page.warns().await?).then_some(()))
        })
        .await?;
        let commands = page.stored().await?.commands()?;
        assert!(format!("{:?}", commands.last()).contains("later"));

        page.press("storage-badge").await?;
        let room = page.text("storage-room").await?;
        assert!(
            room.contains("MiB used, ") && room.contains("MiB free"),
            "{room}"
        );
        page.tell_room(88 * MIB, 200 * MIB).await?;
        page.press("storage-again").await?;
        page.until_there("storage-again", false).await?;
        page.close_dialog().await?;
        all_is_there(page, pages).await
    })
    .await
}

#[tokio::test]
async fn without_any_room_the_session_goes_on_in_memory_and_back() -> Result {
    visit(async |page| {
        let pages = 2048;
        dirty(page, pages).await?;
        page.refuse_writes(true).await?;
        page.select("all").await?;
        page.press("pageout").await?;
        let said = refusal(page).await?;
        assert!(said.contains("There is no room left"), "{said}");
        // The browser tells something else, and that is told too.
        page.press("stall-more").await?;
        let told = page.text("storage-ways").await?;
        assert!(told.contains("doesn't tell everything"), "{told}");
        page.close_dialog().await?;
        let stored = page.stored().await?;
        page.press("stall-memory").await?;
        page.until_there("stall-memory", false).await?;
        page.ready().await?;
        let badge = page.text("storage-badge").await?;
        assert!(badge.contains("In memory"), "{badge}");
        let done = page.text("last-result").await?;
        assert!(done.contains("2\u{202f}048 written"), "{done}");
        page.read("0..15").await?;
        assert!(page.stored().await? == stored, "what is stored stays");

        page.take_writes().await?;
        page.page_out("all").await?;
        page.press("storage-badge").await?;
        let place = page.text("storage-place").await?;
        assert!(place.contains("There was no room left"), "{place}");
        page.press("storage-reopen").await?;
        page.until_there("storage-reopen", false).await?;
        page.close_dialog().await?;
        all_is_there(page, pages).await
    })
    .await
}

#[tokio::test]
async fn the_browser_is_asked_to_keep_what_is_stored() -> Result {
    visit(async |page| {
        page.tell_room(MIB, 100 * MIB).await?;
        page.start_empty().await?;
        page.add_disk(4096).await?;
        page.press("storage-badge").await?;
        let kept = async || page.attribute("storage-kept", "data-kept").await;
        page.until_there("storage-kept", true).await?;
        assert_eq!(kept().await?.as_deref(), Some("false"));
        page.press("storage-keep").await?;
        page.until_there("storage-keep", false).await?;
        assert_eq!(kept().await?.as_deref(), Some("true"));
        assert!(page.is_kept().await?);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_is_worth_it_is_kept_without_being_told() -> Result {
    visit(async |page| {
        page.tell_room(MIB, 100 * MIB).await?;
        dirty(page, PAGES).await?;
        page.page_out("0..99").await?;
        assert!(!page.is_kept().await?, "400 KiB are not worth it");
        page.page_out("all").await?;
        page.until("it to be kept", async || {
            Ok(page.is_kept().await?.then_some(()))
        })
        .await
    })
    .await
}

#[tokio::test]
async fn in_a_sandboxed_frame_the_disks_are_in_memory_and_it_is_said_why() -> Result {
    visit(async |page| {
        let host = page
            .driver()
            .current_url()
            .await?
            .join("examples/frames.html")?;
        page.driver().goto(host.as_str()).await?;
        let script =
            "document.getElementById('sandbox').src = '../?storage=indexeddb'; return null;";
        page.js::<()>(script, vec![]).await?;
        page.driver().enter_frame(1).await?;
        page.until_there("start-empty", true).await?;
        assert_eq!(page.text("storage-badge").await?, "In memory");
        let said = page.text("trouble").await?;
        assert!(
            said.contains("doesn't let this page store anything"),
            "{said}"
        );
        page.press("storage-badge").await?;
        let place = page.text("storage-place").await?;
        assert!(place.contains("closing the page loses them"), "{place}");
        assert!(
            place.contains("doesn't let this page store anything"),
            "{place}"
        );
        assert!(place.contains("SecurityError"), "{place}");
        page.press("storage-reopen").await?;
        page.close_dialog().await?;
        dirty(page, 32).await?;
        page.page_out("all").await?;
        page.read("5").await?;
        assert!(page.bytes(5).await?.starts_with(b"object 1 page 5 "));
        page.driver().enter_parent_frame().await?;
        Ok(())
    })
    .await
}

/// Has the page ask for a newer version of its database than there is.
const NEWER: &str = "if (!sessionStorage.getItem('as it is')) {
        const { open } = IDBFactory.prototype;
        IDBFactory.prototype.open = function (name, version) {
            return open.call(this, name, sessionStorage.getItem('as it is') ? version : version + 1);
        };
    }";

#[tokio::test]
async fn an_upgrade_that_another_tab_blocks_waits_in_memory() -> Result {
    visit(async |page| {
        dirty(page, 32).await?;
        page.page_out("all").await?;
        let first = page.driver().window().await?;
        // A tab with an old version of the page, which hears of nothing.
        let site = page.driver().current_url().await?;
        let memory = site.join("?storage=memory")?;
        page.driver().goto(memory.as_str()).await?;
        page.ready().await?;
        let hold = "await new Promise((done) => {
                const request = indexedDB.open('swap-playground');
                request.onsuccess = () => done(window.held = request.result);
            });
            return null;";
        let () = page.js_async(hold, vec![]).await?;

        let second = page.driver().new_tab().await?;
        page.driver().switch_to_window(second.clone()).await?;
        page.before_each_load(NEWER).await?;
        page.look(Look::default()).await?;
        page.open().await?;
        assert_eq!(page.text("storage-badge").await?, "In memory");
        let said = page.text("trouble").await?;
        assert!(said.contains("Another tab still uses the disks"), "{said}");
        page.press("storage-badge").await?;
        let place = page.text("storage-place").await?;
        assert!(
            place.contains("Another tab still uses the disks"),
            "{place}"
        );

        page.driver().switch_to_window(first).await?;
        let () = page.js("window.held.close();", vec![]).await?;
        page.driver().switch_to_window(second).await?;
        let asis = "sessionStorage.setItem('as it is', 'yes');";
        let () = page.js(asis, vec![]).await?;
        page.press("storage-reopen").await?;
        // There was nothing in memory that could be lost, so it is just opened.
        page.until("the stored session", async || {
            let badge = page.text("storage-badge").await?;
            Ok((badge == "On this device").then_some(()))
        })
        .await?;
        page.ready().await?;
        all_is_there(page, 32).await
    })
    .await
}

#[tokio::test]
async fn what_is_left_of_a_session_is_no_other_session() -> Result {
    visit(async |page| {
        dirty(page, 32).await?;
        page.refuse_writes(false).await?;
        page.select("all").await?;
        page.press("pageout").await?;
        refusal(page).await?;
        page.press("stall-memory").await?;
        page.ready().await?;
        // The end of its log was lost in the meantime.
        let log = "const db = await new Promise((done) => {
                const request = indexedDB.open('swap-playground');
                request.onsuccess = () => done(request.result);
            });
            const store = db.transaction('log', 'readwrite').objectStore('log');
            const last = await new Promise((done) => {
                store.openCursor(null, 'prev').onsuccess = (event) => done(event.target.result);
            });
            await new Promise((done) => (last.delete().onsuccess = done));
            db.close();";
        page.take_writes().await?;
        let () = page.js_async(log, vec![]).await?;
        page.press("storage-badge").await?;
        page.press("storage-reopen").await?;
        page.until_there("storage-reopen", false).await?;
        page.close_dialog().await?;
        // What is left there is a part of this session: that is no other.
        all_is_there(page, 32).await
    })
    .await
}

/// The machine is told of something, while a transfer waits.
async fn add_tiny_disk(page: &Page) -> Result {
    page.press("add-disk").await?;
    page.enter("disk-pages", "64").await?;
    page.press("disk-submit").await?;
    page.until_there("disk-submit", false).await?;
    page.next_frame().await
}

#[tokio::test]
async fn a_frozen_page_goes_on_when_it_thaws() -> Result {
    visit(async |page| {
        dirty(page, 64).await?;
        page.page_out("all").await?;
        page.press("view-buffers").await?;
        page.press("by-hand-toggle").await?;
        page.select("0..15").await?;
        page.press("read").await?;
        page.find("transfer-fail").await?;
        // An hour passes while the page is frozen.
        let clock = "const now = performance.now.bind(performance);
            window.later = 0;
            performance.now = () => now() + window.later;
            addEventListener('freeze', () => window.frozen = true, true);
            addEventListener('resume', () => window.later += 3_600_000, true);";
        let () = page.js(clock, vec![]).await?;
        page.freeze(true).await?;
        page.freeze(false).await?;
        page.until("the page to hear of it", async || {
            let heard = "return window.frozen === true && window.later > 0;";
            Ok(page.js::<bool>(heard, vec![]).await?.then_some(()))
        })
        .await?;
        add_tiny_disk(page).await?;
        assert_eq!(page.log_lines("indefinite wait").await?.len(), 0);
        // Awake, it complains.
        let () = page.js("window.later += 21_000;", vec![]).await?;
        add_tiny_disk(page).await?;
        page.until_log_tells("indefinite wait").await?;
        page.press("transfers-all").await?;
        page.press("by-hand-toggle").await?;
        page.ready().await?;
        // A thaw finds out that the disks are gone, before anybody needs them.
        page.freeze(true).await?;
        page.freeze(false).await?;
        page.ready().await?;
        assert_eq!(page.count("stall-memory").await?, 0);
        page.delete_disks().await?;
        page.freeze(true).await?;
        page.freeze(false).await?;
        refusal(page).await?;
        page.press("stall-reopen").await?;
        page.until_there("stall-memory", false).await?;
        assert_eq!(page.stored().await?.blocks.len(), 64);
        Ok(())
    })
    .await
}
