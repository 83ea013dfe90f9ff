//! The page in the browser: finding, pressing, typing.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use thirtyfour::WindowHandle;
use thirtyfour::prelude::*;

use crate::{Engine, Result};

/// What scripts in the page wait with: as [`Page::until`] does outside of it.
const UNTIL: &str = "
    const until = async (what, done) => {
        for (let tries = 0; tries < 1500; tries += 1) {
            const found = done();
            if (found) return found;
            await new Promise((on) => setTimeout(on, 20));
        }
        throw new Error(`waited in vain for ${what}`);
    };
    // What was just begun shows from the next frame on; while much happens in a frame, panels are drawn
    // in turns.
    const calm = async () => {
        for (let i = 0; i < 2; i++) await new Promise(requestAnimationFrame);
        await until('all panels to show one moment', () =>
            document.querySelector('[data-rush]')?.dataset.rush !== 'true');
    };";

/// What is in the menu.
pub(crate) const MENU: [&str; 8] = [
    "menu-compare",
    "machine",
    "clear-all",
    "present",
    "menu-add-disk",
    "menu-new-object",
    "menu-share",
    "menu-learn",
];

/// The page, in one tab of a browser. Clones are the same page.
#[derive(Clone, Debug)]
pub struct Page {
    driver: WebDriver,
    site: String,
    engine: Engine,
}

impl Page {
    pub(crate) fn new(driver: WebDriver, site: String, engine: Engine) -> Page {
        Page {
            driver,
            site,
            engine,
        }
    }

    /// What the page is shown by.
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// The browser.
    pub fn driver(&self) -> &WebDriver {
        &self.driver
    }

    /// Where the page is.
    pub fn site(&self) -> &str {
        &self.site
    }

    /// Goes to the page, and waits until it is ready.
    ///
    /// # Errors
    /// When it doesn't come.
    pub async fn open(&self) -> Result {
        self.driver.goto(self.site.as_str()).await?;
        self.ready().await
    }

    /// Loads the page anew, and waits until it is ready.
    ///
    /// # Errors
    /// When it doesn't come back.
    pub async fn reload(&self) -> Result {
        self.driver.refresh().await?;
        self.ready().await
    }

    /// Whether an operation or a transfer is under way.
    ///
    /// # Errors
    /// When the page isn't there.
    pub async fn is_busy(&self) -> Result<bool> {
        Ok(self.main("busy").await?.as_deref() == Some("true"))
    }

    /// Events of the machine so far.
    ///
    /// # Errors
    /// When the page isn't there.
    pub async fn events(&self) -> Result<u64> {
        let events = self.main("events").await?.ok_or("the page isn't there")?;
        Ok(events.parse()?)
    }

    pub(crate) async fn main(&self, name: &str) -> Result<Option<String>> {
        // A page of its own has it on its main element, one in a frame on a section.
        let script = "return document.querySelector('[data-busy]')?.dataset[arguments[0]] ?? null;";
        self.js(script, vec![json!(name)]).await
    }

    /// Keeps the errors of this document's console from now on, for drivers that can't be asked for
    /// them.
    pub(crate) async fn watch_console(&self) -> Result {
        let script = "if (window.consoleErrors) return;
            const errors = window.consoleErrors = [];
            const error = console.error;
            console.error = (...said) => { errors.push(said.join(' ')); error.apply(console, said); };
            addEventListener('error', ({ message }) => errors.push(message));
            addEventListener('unhandledrejection', ({ reason }) => errors.push(`${reason}`));";
        self.js(script, vec![]).await
    }

    /// Forgets the console's errors so far: they were wanted.
    ///
    /// # Errors
    /// When the browser fails.
    pub async fn forget_console(&self) -> Result {
        if self.engine.has_devtools() {
            self.driver.browser_log().await?;
            return Ok(());
        }
        self.js("window.consoleErrors &&= [];", vec![]).await
    }

    /// What [`watch_console`](Self::watch_console) has kept.
    pub(crate) async fn console_errors(&self) -> Result<Vec<String>> {
        self.js("return window.consoleErrors ?? [];", vec![]).await
    }

    /// Opens another tab and goes there; a window where the engine would leave a tab unpainted.
    ///
    /// # Errors
    /// When the browser fails.
    pub async fn open_tab(&self) -> Result<WindowHandle> {
        let other = match self.engine {
            Engine::WebKit => self.driver.new_window().await?,
            _ => self.driver.new_tab().await?,
        };
        self.driver.switch_to_window(other.clone()).await?;
        Ok(other)
    }

    /// Runs the body of a function in the page. It finds `args` in `arguments`.
    ///
    /// # Errors
    /// When it throws, or what it returns isn't what is wanted.
    pub async fn js<T: DeserializeOwned>(&self, body: &str, args: Vec<Value>) -> Result<T> {
        Ok(self.driver.execute(body, args).await?.convert()?)
    }

    /// Runs the body of an asynchronous function in the page. It finds `args` in `args`, and
    /// `until(what, done)` waits until `done()` gives something, `calm()` until all that was just
    /// changed is drawn.
    ///
    /// # Errors
    /// As for [`js`](Self::js).
    pub async fn js_async<T: DeserializeOwned>(&self, body: &str, args: Vec<Value>) -> Result<T> {
        #[derive(Deserialize)]
        struct Outcome {
            #[serde(default)]
            value: Value,
            error: Option<String>,
        }
        let script = format!(
            "const args = Array.from(arguments), done = args.pop();
             {UNTIL}
             (async () => {{ {body} }})().then(
                 (value) => done({{ value }}),
                 (error) => done({{ error: `${{error}}` }}));"
        );
        let outcome: Outcome = self.driver.execute_async(script, args).await?.convert()?;
        match outcome.error {
            Some(error) => Err(format!("a script failed in the page: {error}").into()),
            None => Ok(serde_json::from_value(outcome.value)?),
        }
    }

    /// How many elements have this test id.
    ///
    /// # Errors
    /// When the browser fails.
    pub async fn count(&self, id: &str) -> Result<usize> {
        let script = "return document.querySelectorAll(arguments[0]).length;";
        self.js(script, vec![json!(test_id(id))]).await
    }

    /// How many elements a selector finds.
    ///
    /// # Errors
    /// When the browser fails.
    pub async fn count_css(&self, selector: &str) -> Result<usize> {
        let script = "return document.querySelectorAll(arguments[0]).length;";
        self.js(script, vec![json!(selector)]).await
    }

    /// Whether the element that a selector finds is shown.
    ///
    /// # Errors
    /// When the browser fails.
    pub async fn shown(&self, selector: &str) -> Result<bool> {
        let script = "return document.querySelector(arguments[0])?.checkVisibility() ?? false;";
        self.js(script, vec![json!(selector)]).await
    }

    /// The element of this test id, once it is there to be seen.
    ///
    /// # Errors
    /// When it doesn't come.
    pub async fn find(&self, id: &str) -> Result<WebElement> {
        self.find_css(&test_id(id)).await
    }

    /// The element that a selector finds, once it is there to be seen.
    ///
    /// # Errors
    /// When it doesn't come.
    pub async fn find_css(&self, selector: &str) -> Result<WebElement> {
        self.until(&format!("{selector} to be seen"), async || {
            for element in self.driver.find_all(By::Css(selector)).await? {
                if element.is_displayed().await? {
                    return Ok(Some(element));
                }
            }
            Ok(None)
        })
        .await
    }

    /// The text of an element, as it is seen.
    ///
    /// # Errors
    /// When there is no such element.
    pub async fn text(&self, id: &str) -> Result<String> {
        self.until(&format!("the text of {id}"), async || {
            Ok(Some(self.find(id).await?.text().await?))
        })
        .await
    }

    /// The text of an element, once it is there. It may be out of sight.
    ///
    /// # Errors
    /// When it doesn't come.
    pub async fn whole_text(&self, id: &str) -> Result<String> {
        let script = "return document.querySelector(arguments[0])?.textContent ?? null;";
        self.until(&format!("{id} to be there"), async || {
            self.js(script, vec![json!(test_id(id))]).await
        })
        .await
    }

    /// An attribute of an element, once that is there. It may be out of sight.
    ///
    /// # Errors
    /// When the element doesn't come.
    pub async fn attribute(&self, id: &str, name: &str) -> Result<Option<String>> {
        let script = "const element = document.querySelector(arguments[0]);
                      return element ? [element.getAttribute(arguments[1])] : null;";
        let [value]: [Option<String>; 1] = self
            .until(&format!("{id} to be there"), async || {
                let args = vec![json!(test_id(id)), json!(name)];
                self.js(script, args).await
            })
            .await?;
        Ok(value)
    }

    /// An attribute of the element that a selector finds; empty if there is none.
    ///
    /// # Errors
    /// When the browser fails.
    pub async fn attribute_of(&self, selector: &str, name: &str) -> Result<String> {
        let script =
            "return document.querySelector(arguments[0])?.getAttribute(arguments[1]) ?? '';";
        self.js(script, vec![json!(selector), json!(name)]).await
    }

    /// Clicks on the element of this test id. For what is in the menu, it is opened.
    ///
    /// # Errors
    /// When it can't be clicked on.
    pub async fn press(&self, id: &str) -> Result {
        let also = format!("menu-{id}");
        let moved = MENU.contains(&also.as_str()) && self.is_away(id).await?;
        let id = if moved { &also } else { id };
        if MENU.contains(&id) && !self.shown(&test_id(id)).await? {
            self.press_css(&test_id("more")).await?;
        }
        self.press_css(&test_id(id)).await
    }

    /// Whether an element is there, but not to be seen.
    async fn is_away(&self, id: &str) -> Result<bool> {
        Ok(self.count(id).await? > 0 && !self.shown(&test_id(id)).await?)
    }

    /// Clicks on the element that a selector finds.
    ///
    /// # Errors
    /// When it can't be clicked on.
    pub async fn press_css(&self, selector: &str) -> Result {
        self.until(&format!("{selector} to take a click"), async || {
            let element = self.find_css(selector).await?;
            if !element.is_enabled().await? {
                return Ok(None);
            }
            element.click().await?;
            Ok(Some(()))
        })
        .await
    }

    /// Puts text into a field in the place of what is there, as by keyboard.
    ///
    /// # Errors
    /// When there is no such field.
    pub async fn enter(&self, id: &str, text: &str) -> Result {
        self.until(&format!("{id} to take text"), async || {
            let field = self.find(id).await?;
            field.send_keys(Key::Control + "a").await?;
            let text = match text {
                "" => String::from(Key::Delete.value()),
                text => text.to_owned(),
            };
            field.send_keys(text).await?;
            Ok(Some(()))
        })
        .await
    }
}

/// The selector for a test id.
pub(crate) fn test_id(id: &str) -> String {
    format!("[data-testid=\"{id}\"]")
}
