//! (temporary) pictures of lessons.
use swap_playground_e2e::{Look, Page, Result, Scheme, Screen, visit};

async fn snap(page: &Page, name: &str) -> Result {
    page.settled().await?;
    page.driver()
        .screenshot(std::path::Path::new(&format!("/tmp/lpics/{name}.png")))
        .await?;
    Ok(())
}

async fn looks(page: &Page, name: &str, looks: &[(Screen, Scheme)]) -> Result {
    for (screen, scheme) in looks {
        let look = Look {
            screen: *screen,
            scheme: *scheme,
        };
        page.look(look).await?;
        page.next_frame().await?;
        snap(page, &format!("{name}-{look}")).await?;
    }
    page.look(Look::default()).await
}

#[tokio::main]
async fn main() -> Result {
    use Scheme::*;
    use Screen::*;
    visit(async |page| {
        page.start_empty().await?;
        page.add_disk(4096).await?;
        page.press("learn").await?;
        page.find("lesson-striping").await?;
        looks(page, "learn", &[(Wide, Light), (Narrow, Dark)]).await?;
        page.press("lesson-striping").await?;
        page.find("lesson-begin").await?;
        page.ready().await?;
        looks(page, "cover", &[(Wide, Dark), (Narrow, Light)]).await?;
        page.press("lesson-begin").await?;
        page.ready().await?;
        looks(
            page,
            "step1",
            &[(Wide, Light), (Middle, Dark), (Narrow, Light)],
        )
        .await?;
        page.enter("answer", "12").await?;
        page.press("hint").await?;
        snap(page, "hint").await?;
        page.press("answer-submit").await?;
        page.ready().await?;
        looks(
            page,
            "wrong",
            &[(Wide, Dark), (Middle, Light), (Narrow, Dark)],
        )
        .await?;
        page.press("lesson-next").await?;
        page.ready().await?;
        page.enter("answer", "128").await?;
        page.press("answer-submit").await?;
        page.ready().await?;
        looks(
            page,
            "right",
            &[(Wide, Light), (Middle, Dark), (Narrow, Light)],
        )
        .await?;
        page.press("lesson-next").await?;
        page.ready().await?;
        looks(page, "radio", &[(Wide, Light), (Narrow, Dark)]).await?;
        page.press("more").await?;
        snap(page, "menu").await?;
        page.press("present").await?;
        page.find("present-leave").await?;
        looks(
            page,
            "present",
            &[(Wide, Light), (Middle, Dark), (Huge, Light)],
        )
        .await?;
        page.press("present-leave").await?;
        for _ in 0..30 {
            if page.attribute("lesson", "data-place").await?.as_deref() == Some("challenge") {
                break;
            }
            page.press("lesson-next").await?;
            page.ready().await?;
        }
        looks(
            page,
            "challenge",
            &[(Wide, Dark), (Middle, Light), (Narrow, Light)],
        )
        .await?;
        page.press("lesson-next").await?;
        page.find("lesson-end").await?;
        looks(page, "end", &[(Wide, Light), (Narrow, Dark)]).await?;
        Ok(())
    })
    .await
}
