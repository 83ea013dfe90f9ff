//! One tab has the disks. A second says so, and can take them over; never do both write.

use serde_json::json;
use swap_playground_e2e::{Look, Page, Result, visit};
use thirtyfour::WindowHandle;

#[tokio::test]
async fn a_second_tab_goes_on_in_memory_if_that_is_wanted() -> Result {
    visit(async |page| {
        page.start_empty().await?;
        page.add_disk(256).await?;
        let first = page.driver().window().await?;
        let stored = page.stored().await?;

        second_tab(page).await?;
        let asked = page.text("owner").await?;
        assert!(asked.contains("Another tab has the disks"), "{asked}");
        page.is_accessible("the question about the disks").await?;
        page.press("go-on-in-memory").await?;
        until_owner(page, "this").await?;
        assert_eq!(page.text("storage-badge").await?, "In memory");
        page.start_empty().await?;
        page.add_disk(64).await?;
        page.new_object(None, 8).await?;
        assert!(
            page.stored().await? == stored,
            "what the first tab has stored"
        );

        page.driver().switch_to_window(first).await?;
        page.new_object(Some("heap"), 16).await?;
        page.fill("all").await?;
        page.page_out("all").await?;
        assert!(page.text("storage-badge").await?.contains("On this device"));
        assert_eq!(page.stored().await?.blocks.len(), 16);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_lock_that_nobody_answers_for_is_waited_for() -> Result {
    visit(async |page| {
        // A tab that holds the lock as a page does that is just being left, until it is wanted.
        let memory = page.driver().current_url().await?.join("?storage=memory")?;
        page.driver().goto(memory.as_str()).await?;
        page.ready().await?;
        let hold = "const name = 'swap-playground';
            const letGo = await new Promise((held) =>
                navigator.locks.request(name, () => new Promise(held)));
            const wanted = async () => {
                const { pending } = await navigator.locks.query();
                pending.some((lock) => lock.name === name) ? letGo() : setTimeout(wanted, 10);
            };
            wanted();
            return null;";
        let () = page.js_async(hold, vec![]).await?;

        second_tab(page).await?;
        assert_eq!(shown_owner(page).await?.as_deref(), Some("this"));
        let badge = page.text("storage-badge").await?;
        assert!(badge.contains("On this device"), "{badge}");
        Ok(())
    })
    .await
}

const PAGES: u32 = 2048;

#[tokio::test]
async fn the_disks_are_handed_over_in_the_middle_of_a_pageout_and_back() -> Result {
    visit(async |page| {
        page.start_empty().await?;
        for _ in 0..4 {
            page.add_disk(1024).await?;
        }
        page.new_object(Some("heap"), PAGES).await?;
        page.fill("all").await?;
        page.select("all").await?;
        let first = page.driver().window().await?;
        let second = open_from_here(page).await?;

        // The first tab itself presses the button in the second when the moment is there.
        page.driver().switch_to_window(first.clone()).await?;
        let cut = "const shown = (document, id) => document.querySelector(`[data-testid=\"${id}\"]`);
            const end = performance.now() + 20000;
            shown(document, 'pageout').click();
            while (performance.now() < end) {
                await new Promise((next) => setTimeout(next));
                const inFlight = Number(shown(document, 'in-flight').dataset.count);
                if (inFlight && shown(document, 'log').textContent.includes('iodone')) break;
            }
            shown(window.other.document, 'take-over').click();
            while (performance.now() < end) {
                await new Promise((next) => setTimeout(next));
                if (shown(document, 'owner').dataset.owner === 'taken-over')
                    return [document.querySelector('main').dataset.busy, shown(document, 'in-flight').dataset.count];
            }
            throw new Error('the disks were not handed over');";
        let (busy, in_flight): (String, String) = page.js_async(cut, vec![]).await?;
        assert_eq!(busy, "true");
        assert!(in_flight != "0", "the pageout was over already");

        // The second goes on with it, to its end.
        page.driver().switch_to_window(second.clone()).await?;
        until_owner(page, "this").await?;
        until_paged_out(page).await?;
        let badge = page.whole_text("storage-badge").await?;
        assert!(badge.contains("On this device"), "{badge}");
        page.swap_holds(PAGES).await?;
        page.choose(1).await?;
        page.write(7, "by the second tab").await?;
        page.page_out("all").await?;
        let stored = page.stored().await?;
        assert_eq!(stored.count("start"), 1);

        // The first shows what was, and leaves what is stored alone.
        page.driver().switch_to_window(first).await?;
        let told = page.text("owner").await?;
        assert!(told.contains("nothing is stored any more"), "{told}");
        // What it is told to do waits for disks.
        page.press("fill").await?;
        page.next_frame().await?;
        assert!(page.stored().await? == stored);
        page.press("take-over").await?;
        until_owner(page, "this").await?;
        page.ready().await?;
        assert!(page.stored().await? == stored);
        assert_eq!(page.objects().await?, [1]);
        page.choose(1).await?;
        page.read("7").await?;
        assert!(page.bytes(7).await?.starts_with(b"by the second tab"));

        page.driver().switch_to_window(second).await?;
        until_owner(page, "taken-over").await
    })
    .await
}

/// A tab that doesn't hear that it is asked for the disks, or that its lock is taken away.
const DEAF: &str = "const request = LockManager.prototype.request;
    LockManager.prototype.request = function (...args) {
        const lock = request.apply(this, args);
        return new Promise((resolve) => lock.then(resolve, () => {}));
    };
    BroadcastChannel.prototype.addEventListener = () => {};
    Object.defineProperty(BroadcastChannel.prototype, 'onmessage', { set() {} });";

/// A tab in a browser that has nothing for tabs to agree by.
const ALONE: &str = "delete Navigator.prototype.locks; delete globalThis.BroadcastChannel;";

#[tokio::test]
async fn a_deaf_tab_can_not_write_to_disks_that_were_taken_over() -> Result {
    taken_from(DEAF, true).await
}

#[tokio::test]
async fn neither_can_a_tab_without_locks() -> Result {
    taken_from(ALONE, false).await
}

/// Has a second tab take the disks from one that was changed by this script.
async fn taken_from(change: &str, asks: bool) -> Result {
    visit(async |page| {
        let devtools = page.driver().cdp();
        let source = json!({ "source": change });
        devtools
            .send_raw("Page.addScriptToEvaluateOnNewDocument", source)
            .await?;
        page.reload().await?;
        page.start_empty().await?;
        page.add_disk(256).await?;
        page.new_object(Some("heap"), 32).await?;
        page.fill("all").await?;
        page.select("all").await?;
        let first = page.driver().window().await?;

        let second = second_tab(page).await?;
        if asks {
            page.press("take-over").await?;
            until_owner(page, "this").await?;
        }
        page.ready().await?;
        page.new_object(Some("second"), 16).await?;
        page.choose(1).await?;
        page.fill("0..15").await?;
        page.page_out("all").await?;
        let stored = page.stored().await?;

        // Only when it tries to write does the first tab find out.
        page.driver().switch_to_window(first).await?;
        assert_eq!(shown_owner(page).await?.as_deref(), Some("this"));
        page.press("pageout").await?;
        until_owner(page, "taken-over").await?;
        assert!(page.stored().await? == stored, "nothing was mixed in");

        // In memory its pageout comes to its end.
        page.press("go-on-in-memory").await?;
        until_paged_out(page).await?;
        page.read("all").await?;
        assert!(page.bytes(31).await?.starts_with(b"object 1 page 31 "));
        assert!(page.text("storage-badge").await?.contains("In memory"));
        assert!(page.stored().await? == stored, "nothing was mixed in");

        page.driver().switch_to_window(second).await?;
        page.reload().await?;
        assert!(page.stored().await? == stored);
        assert_eq!(page.objects().await?, [1, 2]);
        Ok(())
    })
    .await
}

/// Opens the page in a second tab, and goes there.
async fn second_tab(page: &Page) -> Result<WindowHandle> {
    let second = page.open_tab().await?;
    // Browsers differ in how large a new tab is; a small one leaves words out.
    page.look(Look::default()).await?;
    page.open().await?;
    Ok(second)
}

/// The same, by a script of the page, which then has the second tab as `window.other`.
async fn open_from_here(page: &Page) -> Result<WindowHandle> {
    let before = page.driver().windows().await?;
    let open =
        "window.other = window.open(location.href, '_blank', 'popup,width=1440,height=900');";
    let () = page.js(open, vec![]).await?;
    let second = page
        .until("the second tab", async || {
            let all = page.driver().windows().await?;
            Ok(all.into_iter().find(|window| !before.contains(window)))
        })
        .await?;
    page.driver().switch_to_window(second.clone()).await?;
    until_owner(page, "other").await?;
    Ok(second)
}

async fn until_owner(page: &Page, owner: &str) -> Result {
    page.until(&format!("the owner to be: {owner}"), async || {
        let shown = shown_owner(page).await?;
        Ok((shown.as_deref() == Some(owner)).then_some(()))
    })
    .await
}

async fn shown_owner(page: &Page) -> Result<Option<String>> {
    let script = "return document.querySelector('[data-testid=owner]')?.dataset.owner ?? null;";
    page.js(script, vec![]).await
}

async fn until_paged_out(page: &Page) -> Result {
    page.ready().await?;
    page.until("the pageout to end", async || {
        Ok((page.in_flight().await? == 0).then_some(()))
    })
    .await
}
