//! The first visit, the demonstration, and back to the beginning.

use std::collections::BTreeSet;

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
