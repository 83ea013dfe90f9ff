//! The first visit, the demonstration, and back to the beginning.

use std::collections::BTreeSet;

use serde_json::json;
use swap_playground_e2e::{Page, Result, visit};

#[tokio::test]
async fn the_first_visit_offers_a_demonstration() -> Result {
    visit(async |page| {
        page.find("start-demo").await?;
        page.find("start-empty").await?;
        is_empty(page).await
    })
    .await
}

#[tokio::test]
async fn the_demonstration_ends_with_pages_on_four_disks() -> Result {
    visit(async |page| {
        page.run_demo().await?;
        assert_eq!(page.objects().await?, [1, 2]);
        let table = page.stripe_table().await?;
        let disks: BTreeSet<u32> = table.iter().map(|row| row.disk).collect();
        assert_eq!(disks, BTreeSet::from([0, 1, 2, 3]));
        let objects: BTreeSet<_> = table.iter().filter_map(|row| row.object).collect();
        assert_eq!(objects, BTreeSet::from([1, 2]));

        page.reload().await?;
        assert_eq!(page.count("start-demo").await?, 0);
        assert_eq!(page.objects().await?, [1, 2]);
        assert_eq!(page.stripe_table().await?, table);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn with_less_motion_the_demonstration_waits_to_be_read() -> Result {
    visit(async |page| {
        let media = json!({ "features": [{ "name": "prefers-reduced-motion", "value": "reduce" }] });
        page.devtools("Emulation.setEmulatedMedia", media).await?;
        page.press("start-demo").await?;
        for step in 1..9 {
            // Until nothing is under way, and then for longer than all of it used to take.
            let script = "const [step] = args;
                const caption = () => document.querySelector('[data-testid=demo-caption] .demo-step')?.textContent;
                await until(`step ${step}`, () => caption() === `${step} of 9`);
                await until('nothing to be under way', () => document.querySelector('[data-busy]').dataset.busy === 'false');
                await new Promise((resolve) => setTimeout(resolve, step === 1 ? 1500 : 200));
                return caption();";
            let caption: String = page.js_async(script, vec![json!(step)]).await?;
            assert_eq!(caption, format!("{step} of 9"), "it waits");
            page.press("demo-next").await?;
        }
        page.until("the last sentence", async || {
            Ok((page.attribute_of("main", "data-demo").await? == "done").then_some(()))
        })
        .await
    })
    .await
}

#[tokio::test]
async fn next_counts_while_the_demonstration_switches_disks_on() -> Result {
    visit(async |page| {
        let script = "const caption = () => document.querySelector('[data-testid=demo-caption] .demo-step')?.textContent;
            document.querySelector('[data-testid=start-demo]').click();
            const next = await until('the demonstration', () => document.querySelector('[data-testid=demo-next]'));
            const from = performance.now();
            next.click();
            await until('the next step', () => caption() === '2 of 9');
            return performance.now() - from;";
        let took: f64 = page.js_async(script, vec![]).await?;
        assert!(took < 2_500.0, "it took {took} ms");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn clear_all_leads_back_to_the_beginning() -> Result {
    visit(async |page| {
        page.start_empty().await?;
        page.add_disk(256).await?;
        page.new_object(None, 16).await?;
        page.fill("all").await?;
        page.page_out("all").await?;
        assert_eq!(page.stored().await?.blocks.len(), 16);

        page.clear_all().await?;
        is_empty(page).await?;
        page.reload().await?;
        page.find("start-demo").await?;
        is_empty(page).await
    })
    .await
}

/// Nothing is stored.
async fn is_empty(page: &Page) -> Result {
    let stored = page.stored().await?;
    assert_eq!(stored.log.len(), 0, "records in the log");
    assert_eq!(stored.blocks.len(), 0, "blocks on the disks");
    Ok(())
}
