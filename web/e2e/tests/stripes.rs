//! Pages go to the disks in stripes, their very bytes lie in the database, and after a reload
//! they come back from there.

use swap_pager::units::{ObjectId, PageIndex};
use swap_playground_e2e::raw::{Place, checksum};
use swap_playground_e2e::{Page, Result, StripeRow, visit};

const PAGES: u32 = 128;
/// Pages of a stripe. The first stripe of each disk is reserved.
const STRIPE: u32 = 32;

#[tokio::test]
async fn every_fourth_stripe_lands_on_the_same_disk() -> Result {
    visit(async |page| {
        striped(page).await?;
        assert_eq!(page.stripe_table().await?, expected_rows());
        let usable = 4 * (4096 - STRIPE);
        assert_eq!(page.free_pages().await?, usable - PAGES);
        assert_eq!(page.in_flight().await?, 0);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_database_holds_the_very_bytes() -> Result {
    visit(async |page| {
        striped(page).await?;
        let stored = page.stored().await?;
        for disk in 0..4 {
            // Nothing in the first stripe, nothing after the second.
            let second: Vec<u32> = (STRIPE..2 * STRIPE).collect();
            assert_eq!(stored.blocks_of(disk), second, "disk {disk}");
        }
        let pattern = stored.first_fill()?;
        for number in 0..PAGES {
            let place = place(number);
            let block = &stored.blocks[&place];
            let written = pattern.bytes(ObjectId(1), PageIndex(number));
            assert!(block.bytes == written, "page {number} at {place:?}");
            assert_eq!(block.checksum, checksum(place, &written), "page {number}");
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn after_a_reload_every_page_comes_back_from_its_disk() -> Result {
    visit(async |page| {
        striped(page).await?;
        let before = picture(page).await?;
        let stored = page.stored().await?;

        page.reload().await?;
        assert_eq!(picture(page).await?, before);
        assert!(
            page.stored().await? == stored,
            "a reload alone writes nothing"
        );

        page.choose(1).await?;
        page.read("all").await?;
        assert_eq!(
            page.transferred("read").await?,
            PAGES,
            "pages that were read"
        );
        let pattern = stored.first_fill()?;
        for number in 0..PAGES {
            let written = pattern.bytes(ObjectId(1), PageIndex(number));
            assert!(page.bytes(number).await? == written, "page {number}");
        }
        Ok(())
    })
    .await
}

/// Four disks, an object, all its pages dirtied and forced out.
async fn striped(page: &Page) -> Result {
    page.start_empty().await?;
    for _ in 0..4 {
        page.add_disk(4096).await?;
    }
    page.new_object(Some("heap"), PAGES).await?;
    page.fill("all").await?;
    page.page_out("all").await
}

/// Where a page is to land.
fn place(page: u32) -> Place {
    (page / STRIPE, STRIPE + page % STRIPE)
}

fn expected_rows() -> Vec<StripeRow> {
    let row = |disk| StripeRow {
        disk,
        first: STRIPE,
        last: 2 * STRIPE - 1,
        object: Some(1),
        page: Some(disk * STRIPE),
    };
    (0..4).map(row).collect()
}

/// What a person sees, to compare.
async fn picture(page: &Page) -> Result<(Vec<StripeRow>, u32, Vec<u32>)> {
    Ok((
        page.stripe_table().await?,
        page.free_pages().await?,
        page.objects().await?,
    ))
}
