//! What was altered in the database is found, told, and nothing else suffers.

use swap_playground_e2e::raw::checksum;
use swap_playground_e2e::{Page, Result, visit};

#[tokio::test]
async fn a_page_that_was_altered_on_disk_is_not_handed_out() -> Result {
    visit(async |page| {
        paged_out(page).await?;
        page.harm_block((0, 37)).await?;

        page.read("5").await?;
        let told = "Block 37 of disk 0 has changed since it was written";
        page.until_log_tells(told).await?;
        page.until_log_tells("page 5 could not be read from swap")
            .await?;

        // The others are there still, and the machine goes on.
        page.read("20").await?;
        page.page_out("all").await?;
        page.new_object(Some("later"), 8).await?;
        page.fill("all").await?;
        page.page_out("all").await?;
        assert_eq!(page.objects().await?, [1, 2]);

        // Writing to the page needs it in memory first, so that fails too. Destroying the object
        // frees the block, and whoever gets it next overwrites it.
        page.choose(1).await?;
        page.fill("5").await?;
        assert_eq!(page.log_lines("failed: page 5").await?.len(), 2);
        page.destroy().await?;
        assert_eq!(page.free_pages().await?, 256 - 32 - 8);
        page.new_object(None, 32).await?;
        page.fill("all").await?;
        page.page_out("all").await?;
        page.read("all").await?;
        assert!(page.bytes(5).await?.starts_with(b"object 3 page 5 "));
        let stored = page.stored().await?;
        let block = &stored.blocks[&(0, 37)];
        assert_eq!(block.checksum, checksum((0, 37), &block.bytes));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_session_that_was_altered_is_left_as_it_is() -> Result {
    visit(async |page| {
        paged_out(page).await?;
        page.harm_log(2).await?;
        page.reload().await?;

        let trouble = page.text("trouble").await?;
        assert!(
            trouble.contains("The stored session can't be read"),
            "{trouble}"
        );
        assert!(trouble.contains("Clear all"), "{trouble}");
        assert!(page.text("storage-badge").await?.contains("In memory"));
        assert!(page.stored().await.is_err(), "the log is damaged still");

        // One can play on in memory, and a reload finds the damage again.
        page.start_empty().await?;
        page.add_disk(64).await?;
        page.reload().await?;
        page.find("trouble").await?;

        page.clear_all().await?;
        let stored = page.stored().await?;
        assert_eq!((stored.log.len(), stored.blocks.len()), (0, 0));
        page.start_empty().await?;
        page.add_disk(64).await?;
        assert!(page.text("storage-badge").await?.contains("On this device"));
        page.reload().await?;
        assert_eq!(page.stored().await?.count("do"), 1);
        Ok(())
    })
    .await
}

/// A disk, and an object of 32 pages that are all out.
async fn paged_out(page: &Page) -> Result {
    page.start_empty().await?;
    page.add_disk(256).await?;
    page.new_object(Some("heap"), 32).await?;
    page.fill("all").await?;
    page.page_out("all").await
}
