//! The page fits its screen, wide and narrow, light and dark, and shuts nobody out.

use serde::Deserialize;
use swap_playground_e2e::{LOOKS, Look, Page, Result, Screen, visit};

#[tokio::test]
async fn the_start_screen_fits_and_is_accessible() -> Result {
    visit(async |page| {
        for look in LOOKS {
            page.look(look).await?;
            fits(page, look).await?;
            page.is_accessible(&format!("the start screen, {look}"))
                .await?;
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_stage_fits_and_is_accessible() -> Result {
    visit(async |page| {
        page.run_demo().await?;
        let middle = Look {
            screen: Screen::Middle,
            ..Look::default()
        };
        page.look(middle).await?;
        fits(page, middle).await?;
        for look in LOOKS {
            page.look(look).await?;
            fits(page, look).await?;
            page.is_accessible(&format!("the stage, {look}")).await?;
            for tab in page.tabs().await? {
                page.show_tab(&tab).await?;
                fits(page, look).await?;
                page.is_accessible(&format!("the tab {tab}, {look}"))
                    .await?;
            }
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn dialogs_fit_and_are_accessible() -> Result {
    visit(async |page| {
        page.start_empty().await?;
        page.add_disk(4096).await?;
        page.new_object(Some("heap"), 64).await?;
        for look in LOOKS {
            page.look(look).await?;
            for opener in [
                "add-disk",
                "new-object",
                "write",
                "destroy",
                "clear-all",
                "help",
            ] {
                page.press(opener).await?;
                page.find_css("dialog[open]").await?;
                fits(page, look).await?;
                page.is_accessible(&format!("the dialog of {opener}, {look}"))
                    .await?;
                page.close_dialog().await?;
            }
        }
        Ok(())
    })
    .await
}

#[derive(Deserialize)]
struct Extent {
    width: f64,
    height: f64,
    inner_width: f64,
    inner_height: f64,
    /// Elements that reach out of the screen at the side.
    outside: Vec<String>,
}

/// Never anything to scroll sideways, and nothing at all on a computer's screen.
async fn fits(page: &Page, look: Look) -> Result {
    page.settled().await?;
    let script = "const { scrollWidth, scrollHeight } = document.documentElement;
        const out = Array.from(document.querySelectorAll('body *'))
            .filter((element) => element.getBoundingClientRect().right > innerWidth + 1);
        return { width: scrollWidth, height: scrollHeight, inner_width: innerWidth,
            inner_height: innerHeight, outside: out.slice(0, 10).map((e) => e.outerHTML.slice(0, 120)) };";
    let Extent {
        width,
        height,
        inner_width,
        inner_height,
        outside,
    } = page.js(script, vec![]).await?;
    assert!(
        width <= inner_width,
        "{look}: {width} pixels wide. {outside:#?}"
    );
    if look.screen == Screen::Wide {
        assert!(
            height <= inner_height,
            "{look}: {height} pixels high, of {inner_height} in view"
        );
    }
    Ok(())
}
