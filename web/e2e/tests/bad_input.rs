//! What can't be is refused at the field, with the reason, and nothing else changes.

use swap_playground_e2e::{Page, Result, visit};

#[tokio::test]
async fn disks_of_impossible_sizes_are_refused() -> Result {
    visit(async |page| {
        page.start_empty().await?;
        let before = page.events().await?;
        page.press("add-disk").await?;
        let cases = [
            ("", "Enter the number of pages."),
            ("0", "0 pages: a disk has 1 to"),
            ("2097153", "2097153 pages: a disk has 1 to 2097152."),
            ("99999999999", "more than can be counted here"),
            ("-5", "not a whole number"),
            ("1.5", "not a whole number"),
            ("many", "not a whole number"),
        ];
        refused(page, "disk-pages", "disk-submit", &cases).await?;
        unchanged(page, before).await?;

        // What will do is taken at once.
        page.enter("disk-pages", "64").await?;
        assert_eq!(page.refusal("disk-pages").await?, None);
        page.press("disk-submit").await?;
        page.until_there("disk-submit", false).await?;
        page.ready().await?;
        assert_eq!(page.free_pages().await?, 32);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn objects_of_impossible_sizes_and_names_are_refused() -> Result {
    visit(async |page| {
        page.start_empty().await?;
        let before = page.events().await?;
        page.press("new-object").await?;
        page.enter("object-name", "heap").await?;
        let sizes = [
            ("", "Enter the number of pages."),
            ("0", "0 pages: an object has 1 to"),
            ("1048577", "1048577 pages: an object has 1 to 1048576."),
            ("1e3", "not a whole number"),
        ];
        refused(page, "object-pages", "object-submit", &sizes).await?;
        page.enter("object-pages", "8").await?;

        let long = "n".repeat(41);
        let names = [
            ("", "The name is empty"),
            ("   ", "The name is empty"),
            (long.as_str(), "The name has 41 characters: at most 40 fit."),
        ];
        refused(page, "object-name", "object-submit", &names).await?;
        unchanged(page, before).await?;
        assert!(page.objects().await?.is_empty());

        page.enter("object-name", &long[1..]).await?;
        page.press("object-submit").await?;
        page.until_there("object-submit", false).await?;
        page.ready().await?;
        assert_eq!(page.objects().await?, [1]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn ranges_that_are_none_stop_all_buttons() -> Result {
    visit(async |page| {
        page.start_empty().await?;
        page.add_disk(64).await?;
        page.new_object(None, 16).await?;
        let before = page.events().await?;
        let cases = [
            ("", "Enter pages, such as 5 or 0..15."),
            ("16", "There is no page 16: the pages are 0..15."),
            ("0..16", "There is no page 16"),
            ("9..3", "9 comes after 3"),
            ("some", "not a page number"),
            ("3..", "not a page number"),
        ];
        for (range, reason) in cases {
            page.enter("select-range", range).await?;
            is_refused(page, "select-range", range, reason).await?;
            for button in ["fill", "write", "read", "pageout"] {
                let enabled = page.find(button).await?.is_enabled().await?;
                assert!(!enabled, "{button} with {range}");
            }
        }
        // Keys can come faster than the page is drawn: what is typed last is what counts.
        page.enter("select-range", "").await?;
        let script = "const [field, ...texts] = arguments;
            for (const text of texts) {
                document.querySelector(field).value = text;
                document.querySelector(field).dispatchEvent(new Event('input', { bubbles: true }));
            }";
        let typed = ["[data-testid=select-range]", "0..1", "0..16"];
        let () = page.js(script, typed.map(Into::into).to_vec()).await?;
        is_refused(page, "select-range", "0..16", "There is no page 16").await?;

        unchanged(page, before).await?;
        page.fill("3..9").await?;
        assert!(page.events().await? > before);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn text_that_does_not_fit_is_refused() -> Result {
    visit(async |page| {
        page.start_empty().await?;
        page.new_object(None, 4).await?;
        let before = page.events().await?;
        page.select("0").await?;
        page.press("write").await?;
        page.enter("write-text", "hello").await?;
        let pages = [
            ("", "Enter"),
            ("4", "its pages are 0 to 3"),
            ("x", "not a whole number"),
        ];
        refused(page, "write-page", "write-submit", &pages).await?;
        page.enter("write-page", "3").await?;
        let offsets = [
            ("4096", "A page has bytes 0 to 4095."),
            ("-1", "not a whole number"),
        ];
        refused(page, "write-offset", "write-submit", &offsets).await?;
        page.enter("write-offset", "4092").await?;
        let texts = [
            ("hello", "The text has 5 bytes: from there on 4 fit"),
            ("", "Enter the text"),
        ];
        refused(page, "write-text", "write-submit", &texts).await?;
        unchanged(page, before).await?;

        page.enter("write-text", "help").await?;
        page.press("write-submit").await?;
        page.until_there("write-submit", false).await?;
        page.ready().await?;
        assert_eq!(&page.bytes(3).await?[4092..], b"help");
        Ok(())
    })
    .await
}

/// Each of these is refused at the field with this reason, when it is typed and when it is sent.
async fn refused(page: &Page, field: &str, submit: &str, cases: &[(&str, &str)]) -> Result {
    for (text, reason) in cases {
        page.enter(field, text).await?;
        is_refused(page, field, text, reason).await?;
        page.press(submit).await?;
        is_refused(page, field, text, reason).await?;
        let focused = page.focused().await?;
        assert_eq!(focused, field, "the focus goes to what is wrong");
    }
    Ok(())
}

async fn is_refused(page: &Page, field: &str, text: &str, reason: &str) -> Result {
    let told = page
        .until(&format!("{field} to refuse “{text}”"), async || {
            page.refusal(field).await
        })
        .await?;
    assert!(told.contains(reason), "{field} says to “{text}”: {told}");
    Ok(())
}

/// The machine has heard of nothing.
async fn unchanged(page: &Page, before: u64) -> Result {
    assert_eq!(page.events().await?, before, "events");
    Ok(())
}

#[tokio::test]
async fn a_program_that_comes_to_a_trap_says_so() {
    let visited = visit(async |page| {
        page.start_empty().await?;
        // A program of one function, which does nothing but to trap.
        let script = "
            const bytes = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 5, 1, 3, 0, 0, 11];
            const { f } = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(bytes))).exports;
            setTimeout(f);";
        let () = page.js(script, vec![]).await?;
        page.until_there("stopped", true).await?;
        let said = page.text("stopped").await?;
        assert!(
            said.contains("reload the page to go on from there"),
            "{said}"
        );
        page.is_accessible("the page of a program that has stopped")
            .await
    });
    let error = visited.await.err().map(|error| error.to_string());
    // A trap is an error on the console too.
    assert!(
        error
            .as_ref()
            .is_some_and(|error| error.contains("unreachable")),
        "{error:?}"
    );
}
