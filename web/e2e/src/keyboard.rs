//! What a person does who has only a keyboard.

use serde_json::json;
use thirtyfour::prelude::*;

use crate::page::MENU;
use crate::{Engine, Page, Result};

/// More presses of Tab than any part of the page is away.
const FAR: usize = 120;

impl Page {
    /// Presses keys, one after the other, wherever the focus is.
    ///
    /// # Errors
    /// When the browser fails.
    pub async fn keys(&self, keys: impl Into<TypingData>) -> Result {
        let keys: TypingData = keys.into();
        self.driver()
            .action_chain()
            .send_keys(keys)
            .perform()
            .await?;
        self.next_frame().await
    }

    /// Presses a key while others are held down.
    ///
    /// # Errors
    /// When the browser fails.
    pub async fn chord(&self, held: &[Key], key: impl Into<char>) -> Result {
        let mut chain = self.driver().action_chain();
        for held in held {
            chain = chain.key_down(held.value());
        }
        let key: char = key.into();
        chain = chain.key_down(key).key_up(key);
        for held in held.iter().rev() {
            chain = chain.key_up(held.value());
        }
        chain.perform().await?;
        self.next_frame().await
    }

    /// The test id of what has the focus; its label or tag if it has none.
    ///
    /// # Errors
    /// When the browser fails.
    pub async fn focused(&self) -> Result<String> {
        let script = "const at = document.activeElement;
            return at.dataset.testid ?? at.getAttribute('aria-label') ?? at.tagName.toLowerCase();";
        self.js(script, vec![]).await
    }

    /// Presses Tab until this has the focus. For what is in the menu, it is opened.
    ///
    /// # Errors
    /// When Tab doesn't lead there.
    pub async fn tab_to(&self, id: &str) -> Result {
        if MENU.contains(&id) && !self.shown(&crate::page::test_id(id)).await? {
            self.tab_to_css(&crate::page::test_id("more")).await?;
            self.keys(Key::Enter.value().to_string()).await?;
        }
        self.tab_to_css(&crate::page::test_id(id)).await
    }

    /// Presses Tab until what the selector finds has the focus.
    ///
    /// # Errors
    /// When Tab doesn't lead there, or a stop on the way doesn't show that it has the focus.
    pub async fn tab_to_css(&self, selector: &str) -> Result {
        self.tab(selector, false).await
    }

    /// The same, with Shift.
    ///
    /// # Errors
    /// As for [`tab_to_css`](Self::tab_to_css).
    pub async fn tab_back_to(&self, id: &str) -> Result {
        self.tab(&crate::page::test_id(id), true).await
    }

    async fn tab(&self, selector: &str, back: bool) -> Result {
        // Tab goes by what is not there yet.
        self.until(&format!("{selector} to be there"), async || {
            Ok((self.count_css(selector).await? > 0).then_some(()))
        })
        .await?;
        let mut passed = Vec::new();
        for _ in 0..FAR {
            let script = "return document.activeElement.matches(arguments[0]);";
            let there: bool = self.js(script, vec![json!(selector)]).await?;
            if !passed.is_empty() {
                self.focus_is_seen().await?;
            }
            if there {
                return Ok(());
            }
            passed.push(self.focused().await?);
            if back {
                self.chord(&[Key::Shift], Key::Tab).await?;
            } else {
                self.keys(Key::Tab.value().to_string()).await?;
            }
        }
        Err(format!(
            "Tab doesn't lead to {selector}, only to: {}",
            passed.join(", ")
        )
        .into())
    }

    /// What has the focus shows it, by an outline.
    ///
    /// # Errors
    /// When it doesn't.
    pub async fn focus_is_seen(&self) -> Result {
        // Firefox without a screen has no window with the focus, and so draws no ring.
        let has_focus: bool = self.js("return document.hasFocus();", vec![]).await?;
        if self.engine() == Engine::Firefox && !has_focus {
            return Ok(());
        }
        let script = "const at = document.activeElement;
            if (at === document.body || at === document.documentElement) return null;
            // A field within its label may leave it to the label.
            const shows = (element) => {
                const { outlineStyle, outlineWidth } = getComputedStyle(element);
                return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1;
            };
            return shows(at) || (at.closest('label') && shows(at.closest('label'))) ? null : at.outerHTML.slice(0, 200);";
        match self.js::<Option<String>>(script, vec![]).await? {
            None => Ok(()),
            Some(at) => Err(format!("it can't be seen that this has the focus: {at}").into()),
        }
    }

    /// Puts text in the place of what the field with the focus holds.
    ///
    /// # Errors
    /// When the browser fails.
    pub async fn retype(&self, text: &str) -> Result {
        self.chord(&[Key::Control], 'a').await?;
        self.keys(text).await
    }
}
