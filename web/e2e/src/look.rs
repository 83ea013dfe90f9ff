//! The screen the page is shown on.

use serde_json::json;

use crate::{Page, Result};

/// A size of the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Screen {
    /// 1440 by 900: a computer.
    #[default]
    Wide,
    /// 1024 by 768: a small one.
    Middle,
    /// 390 by 844: a phone.
    Narrow,
    /// 3840 by 2160: a projector.
    Huge,
}

impl Screen {
    /// Width and height in CSS pixels.
    pub fn size(self) -> (u32, u32) {
        match self {
            Screen::Wide => (1440, 900),
            Screen::Middle => (1024, 768),
            Screen::Narrow => (390, 844),
            Screen::Huge => (3840, 2160),
        }
    }
}

/// Whether light or dark is preferred.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scheme {
    /// Light.
    #[default]
    Light,
    /// Dark.
    Dark,
}

impl Scheme {
    /// As in CSS.
    pub fn name(self) -> &'static str {
        match self {
            Scheme::Light => "light",
            Scheme::Dark => "dark",
        }
    }
}

/// A screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// Its size.
    pub screen: Screen,
    /// Light or dark.
    pub scheme: Scheme,
}

/// The looks that the page is checked with.
pub const LOOKS: [Look; 4] = [
    look(Screen::Wide, Scheme::Light),
    look(Screen::Wide, Scheme::Dark),
    look(Screen::Narrow, Scheme::Light),
    look(Screen::Narrow, Scheme::Dark),
];

/// Screens that only pictures are taken of.
pub const MORE_LOOKS: [Look; 2] = [
    look(Screen::Middle, Scheme::Light),
    look(Screen::Middle, Scheme::Dark),
];

const fn look(screen: Screen, scheme: Scheme) -> Look {
    Look { screen, scheme }
}

impl std::fmt::Display for Look {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (width, height) = self.screen.size();
        write!(f, "{width}x{height}-{}", self.scheme.name())
    }
}

impl Page {
    /// Shows the page on this screen from now on.
    ///
    /// # Errors
    /// When the browser can't.
    pub async fn look(&self, look: Look) -> Result {
        self.resize(look.screen.size(), look.screen == Screen::Narrow)
            .await?;
        if !self.engine().has_devtools() {
            // Whether light or dark is preferred is the system's affair there.
            return self.next_frame().await;
        }
        let media = json!({
            "features": [{ "name": "prefers-color-scheme", "value": look.scheme.name() }],
        });
        self.driver()
            .cdp()
            .send_raw("Emulation.setEmulatedMedia", media)
            .await?;
        let script = "return matchMedia(`(prefers-color-scheme: ${arguments[0]})`).matches;";
        self.until("the page to be told of light or dark", async || {
            let args = vec![json!(look.scheme.name())];
            Ok(self.js::<bool>(script, args).await?.then_some(()))
        })
        .await?;
        // What the page does about it, it does until the next frame is painted.
        self.next_frame().await
    }

    /// Shows the page on a screen of this width and height, which is that of a `mobile` or not.
    ///
    /// # Errors
    /// When the browser can't.
    pub async fn resize(&self, (width, height): (u32, u32), mobile: bool) -> Result {
        if !self.engine().has_devtools() {
            let border = "return [outerWidth - innerWidth, outerHeight - innerHeight];";
            let (wide, high): (i64, i64) = self.js(border, vec![]).await?;
            let size = |inner: u32, border: i64| (i64::from(inner) + border.max(0)) as u32;
            self.driver()
                .set_window_rect(0, 0, size(width, wide), size(height, high))
                .await?;
            return Ok(());
        }
        let metrics = json!({
            "width": width,
            "height": height,
            "deviceScaleFactor": 1,
            "mobile": mobile,
        });
        self.driver()
            .cdp()
            .send_raw("Emulation.setDeviceMetricsOverride", metrics)
            .await?;
        // The browser's answer may come before the page has that size. A mobile page that is laid out for
        // another width is shown smaller or larger.
        let script = "const { scale } = visualViewport, [width, height] = arguments;
            const is = (told, wanted) => Math.abs(told * scale - wanted) <= 1;
            return is(innerWidth, width) && is(innerHeight, height);";
        self.until(&format!("a screen of {width} by {height}"), async || {
            let args = vec![json!(width), json!(height)];
            Ok(self.js::<bool>(script, args).await?.then_some(()))
        })
        .await
    }
}
