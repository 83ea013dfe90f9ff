//! The browser engines that the tests drive.

use std::path::Path;

use serde_json::{Value, json};
use thirtyfour::Capabilities;

use crate::Result;

/// As in web/webdriver.json: no sandbox, which Chromium can't have as root, and talks to nobody.
/// Shared memory is small in many containers, and colours are to be the same everywhere.
const CHROMIUM: [&str; 10] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--force-color-profile=srgb",
];

/// A browser engine with a driver for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Chromium, through chromedriver.
    Chromium,
    /// Firefox, through geckodriver.
    Firefox,
    /// WebKitGTK's small browser, through WebKitWebDriver.
    WebKit,
}

impl Engine {
    /// The engine that `SWAP_PLAYGROUND_ENGINE` names: `chromium` (also without the variable), `firefox`
    /// or `webkit`.
    ///
    /// # Errors
    /// When it names another.
    pub fn chosen() -> Result<Engine> {
        match std::env::var("SWAP_PLAYGROUND_ENGINE").as_deref() {
            Err(_) | Ok("chromium") => Ok(Engine::Chromium),
            Ok("firefox") => Ok(Engine::Firefox),
            Ok("webkit") => Ok(Engine::WebKit),
            Ok(other) => Err(format!(
                "SWAP_PLAYGROUND_ENGINE is {other:?}; it can be chromium, firefox or webkit"
            )
            .into()),
        }
    }

    /// Whether the driver has Chromium's own commands: other screens, the console, scripts before
    /// the page's.
    pub fn has_devtools(self) -> bool {
        self == Engine::Chromium
    }

    /// What a driver is asked for: a browser with this profile. The drivers of the other engines
    /// make an empty one themselves.
    pub(crate) fn capabilities(self, profile: &Path) -> Result<Capabilities> {
        let wanted = match self {
            Engine::Chromium => {
                let profile = format!("--user-data-dir={}", profile.display());
                let args: Vec<_> = CHROMIUM.into_iter().chain([profile.as_str()]).collect();
                json!({
                    "browserName": "chrome",
                    "goog:chromeOptions": { "args": args },
                    "goog:loggingPrefs": { "browser": "ALL" },
                })
            }
            Engine::Firefox => json!({
                "browserName": "firefox",
                "moz:firefoxOptions": { "args": ["-headless"] },
            }),
            Engine::WebKit => {
                let browser = std::env::var("SWAP_PLAYGROUND_WEBKIT").map_err(|_| {
                    "SWAP_PLAYGROUND_WEBKIT is not set: it is the path of WebKitGTK's MiniBrowser. \
                     `pkg-scripts/test engines` sets it."
                })?;
                json!({
                    "browserName": "MiniBrowser",
                    "webkitgtk:browserOptions": {
                        "binary": browser,
                        "args": ["--automation", "--javascript-can-open-windows-automatically=true"],
                    },
                })
            }
        };
        let mut capabilities = Capabilities::new();
        for (name, value) in wanted.as_object().into_iter().flatten() {
            capabilities.set::<Value>(name.as_str(), value.clone())?;
        }
        Ok(capabilities)
    }
}
