//! One tab has the disks; a second says so.

use swap_playground_e2e::{Result, visit};

#[tokio::test]
async fn a_second_tab_is_in_memory_and_says_why() -> Result {
    visit(async |page| {
        page.start_empty().await?;
        page.add_disk(256).await?;
        let first = page.driver().window().await?;
        let stored = page.stored().await?;

        let second = page.driver().new_tab().await?;
        page.driver().switch_to_window(second).await?;
        page.open().await?;
        assert_eq!(page.text("storage-badge").await?, "In memory");
        let said = page.text("trouble").await?;
        assert!(said.contains("Another tab has the disks"), "{said}");
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
