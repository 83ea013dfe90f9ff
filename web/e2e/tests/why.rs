//! "Why here?": the chain of decisions is told from what happened, and leads to its moments.

use swap_playground_e2e::{LOOKS, Page, Result, visit};
use thirtyfour::Key;

async fn give(page: &Page, commands: &[&str]) -> Result {
    for command in commands {
        page.enter("command", command).await?;
        let keys = Key::Enter.value().to_string();
        page.keys(keys).await?;
        page.until(&format!("{command} to be taken"), async || {
            let script = "return document.querySelector('[data-testid=command]').value;";
            let left: String = page.js(script, vec![]).await?;
            Ok(left.is_empty().then_some(()))
        })
        .await?;
        page.ready().await?;
    }
    Ok(())
}

/// The sentences of the chain, each with the number of its event.
async fn chain(page: &Page) -> Result<Vec<(u64, String)>> {
    let script = "return Array.from(document.querySelectorAll('[data-testid=why] > li'), (li) => [
        Number(li.querySelector('.moment')?.dataset.seq ?? 0), li.querySelector('span').textContent]);";
    page.js(script, vec![]).await
}

/// Waits until the chain has all of these, in this order.
async fn tells(page: &Page, expected: &[&str]) -> Result<Vec<(u64, String)>> {
    let in_order = |tale: &[(u64, String)]| {
        let mut rest = tale.iter();
        let missing = expected
            .iter()
            .find(|part| !rest.any(|(_, text)| text.contains(**part)));
        missing.copied()
    };
    let last = page
        .until("the chain to be told", async || {
            let tale = chain(page).await?;
            Ok(in_order(&tale).is_none().then_some(tale))
        })
        .await;
    if last.is_err() {
        let tale = chain(page).await?;
        panic!("{:?} is not told: {tale:#?}", in_order(&tale));
    }
    last
}

/// Only 12 blocks in a row are free in the first leaf that swap uses.
async fn fragmented(page: &Page) -> Result {
    page.start_empty().await?;
    give(
        page,
        &[
            "swapon 0 256",
            "create heap 64",
            "create stack 64",
            "fill heap 0..31 with label 1",
            "pageout heap 0..31",
            "fill heap 0..11 with label 2",
            "fill stack 16..31 with label 3",
            "pageout stack 0..63",
        ],
    )
    .await
}

async fn look_at(page: &Page, object: u32, number: u32) -> Result {
    page.choose(object).await?;
    page.select(&number.to_string()).await
}

const CHAIN: [&str; 9] = [
    "began with the command “pageout stack 0..63”.",
    "putpages was handed stack 16..31 (16 dirty pages). That is a full cluster",
    "getswapspace sought 16 in a row.",
    "Leaves 0 to 3 (0..127): no hint above 0, which is less than 16: skipped and not visited.",
    "Leaf 4 covers 128..159: at most 12 in a row, its hint was lowered from 32 to 15.",
    "Leaf 8 (256..287) gave 256..271.",
    "getswapspace took 256..271, and 256 + 4 = 260.",
    "⌊260 / 32⌋ = 8, and 8 mod 4 = 0, so all of it is on disk 0.",
    "One write of 16 pages (64 KiB) to disk 0, from its block 64 on.",
];

#[tokio::test]
async fn a_page_tells_why_it_is_not_in_the_leaf_before() -> Result {
    visit(async |page| {
        fragmented(page).await?;
        look_at(page, 2, 20).await?;
        let tale = tells(page, &CHAIN).await?;
        // Each sentence has its moment, in the order in which things happened.
        let moments: Vec<u64> = tale
            .iter()
            .map(|(seq, _)| *seq)
            .filter(|seq| *seq > 0)
            .collect();
        assert!(moments.is_sorted(), "{moments:?}");
        // The same of the block, by the link to it.
        page.press_css("[data-testid=inspector] .facts [data-link='1']")
            .await?;
        page.until("the block", async || {
            Ok((page.text("inspector").await?.contains("Block 260")).then_some(()))
        })
        .await?;
        tells(page, &CHAIN).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_sentence_leads_to_its_moment_and_back() -> Result {
    visit(async |page| {
        fragmented(page).await?;
        look_at(page, 2, 20).await?;
        let tale = tells(page, &CHAIN).await?;
        let leaf = tale.iter().find(|(_, text)| text.starts_with("Leaf 4"));
        let (seq, _) = leaf.ok_or("leaf 4 is not told of")?;
        let swapped = page.stripe_table().await?;
        page.tab_to_css(&format!("[data-testid=why-moment][data-seq='{seq}']"))
            .await?;
        page.keys(Key::Enter.value().to_string()).await?;
        page.find_css(&format!("[data-seq='{seq}'][aria-current=step]"))
            .await?;
        // Then stack was not on swap yet, and still the chain is there.
        let then = page.stripe_table().await?;
        assert!(then.len() < swapped.len(), "{then:?}");
        assert_eq!(chain(page).await?, tale);
        page.press("why-back").await?;
        page.until_there("why-back", false).await?;
        assert_eq!(page.stripe_table().await?, swapped);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_full_swap_tells_what_it_could_not_find() -> Result {
    visit(async |page| {
        page.start_empty().await?;
        give(
            page,
            &[
                "swapon 0 64",
                "create heap 64",
                "fill heap 0..47 with label 1",
                "pageout heap 0..47",
            ],
        )
        .await?;
        look_at(page, 1, 33).await?;
        tells(
            page,
            &[
                "It is dirty since it was changed by “fill heap 0..47",
                "“pageout heap 0..47”",
                "handed heap 32..47",
                "sought 16 in a row",
                "no room for 16 in a row",
                "half as many: 8 in a row",
                "no room for 4 in a row, and less is not tried",
                "All of swap was in use.",
                "putpages answered FAIL for 16 pages",
                "So it is still dirty",
            ],
        )
        .await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_disk_that_fails_says_why_a_page_is_dirty() -> Result {
    visit(async |page| {
        page.start_empty().await?;
        give(
            page,
            &[
                "swapon 0 256",
                "create heap 64",
                "fill heap 0..3 with label 1",
                "pageout heap 0..3",
            ],
        )
        .await?;
        look_at(page, 1, 2).await?;
        tells(page, &["getswapspace took 128..131"]).await?;
        // By the block's disk to its settings.
        page.press_css("[data-testid=inspector] .facts > div:last-child .link")
            .await?;
        page.press("disk-settings").await?;
        page.enter("plan-fail-writes", "1").await?;
        let submit = "const form = document.querySelector('dialog form'); form.requestSubmit();";
        let () = page.js(submit, vec![]).await?;
        page.until("the disk to say how it behaves", async || {
            Ok(page
                .text("inspector")
                .await?
                .contains("1 write to fail")
                .then_some(()))
        })
        .await?;
        give(page, &["fill heap 0..3 with label 2", "pageout heap 0..3"]).await?;
        look_at(page, 1, 2).await?;
        tells(
            page,
            &[
                "It is dirty since it was changed by “fill heap 0..3",
                "One write of 4 pages (16 KiB) to disk 0, from its block 32 on.",
                "The disk failed with EIO: its pages stay dirty",
                "on the active queue, as it could not be written",
            ],
        )
        .await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_chain_is_accessible_on_every_screen() -> Result {
    visit(async |page| {
        fragmented(page).await?;
        look_at(page, 2, 20).await?;
        tells(page, &CHAIN).await?;
        for look in LOOKS {
            page.look(look).await?;
            if page.tabs().await?.iter().any(|tab| tab == "inspector") {
                page.show_tab("inspector").await?;
            }
            page.is_accessible(&format!("the chain, {look}")).await?;
            let script = "const panel = document.querySelector('[data-testid=inspector]');
                return panel.scrollWidth <= panel.clientWidth;";
            let fits: bool = page.js(script, vec![]).await?;
            assert!(fits, "{look}: the inspector scrolls sideways");
        }
        Ok(())
    })
    .await
}
