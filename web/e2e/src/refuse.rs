//! What a browser does to the disks of a page, done on purpose: it deletes them, refuses writes, has
//! no room, or freezes the page.

use serde_json::{Value, json};

use crate::{Page, Result};

const DELETE: &str = "await new Promise((done, failed) => {
        const request = indexedDB.deleteDatabase('swap-playground');
        request.onsuccess = done;
        request.onerror = request.onblocked = () => failed(request.error ?? 'blocked');
    });";

const REFUSE: &str = "for (const method of ['add', 'put']) {
        const original = IDBObjectStore.prototype[method];
        IDBObjectStore.prototype[method] = function (...args) {
            const request = original.apply(this, args);
            if (window.refused) this.transaction.abort();
            return request;
        };
    }
    window.refused = true;";

impl Page {
    /// Deletes the database, as another tab would.
    ///
    /// # Errors
    /// When the page doesn't let go of it.
    pub async fn delete_disks(&self) -> Result {
        self.js_async(DELETE, vec![]).await
    }

    /// From now on every transaction that stores something is aborted.
    ///
    /// # Errors
    /// When the browser fails.
    pub async fn refuse_writes(&self) -> Result {
        self.js(REFUSE, vec![]).await
    }

    /// It is no longer.
    ///
    /// # Errors
    /// When the browser fails.
    pub async fn take_writes(&self) -> Result {
        self.js("window.refused = false;", vec![]).await
    }

    /// The bytes that the site uses, and those it may use.
    ///
    /// # Errors
    /// When the browser doesn't tell.
    pub async fn room(&self) -> Result<(u64, u64)> {
        let ask =
            "const { usage, quota } = await navigator.storage.estimate(); return [usage, quota];";
        self.js_async(ask, vec![]).await
    }

    /// Lets the site use so many bytes.
    ///
    /// # Errors
    /// When the browser can't.
    pub async fn limit_room(&self, bytes: u64) -> Result {
        let origin = self.origin().await?;
        let limit = json!({ "origin": origin, "quotaSize": bytes });
        self.devtools("Storage.overrideQuotaForOrigin", limit).await
    }

    /// Has the browser keep what the site stores, if it is asked to.
    ///
    /// # Errors
    /// When the browser can't.
    pub async fn allow_keeping(&self) -> Result {
        let origin = self.origin().await?;
        let grant = json!({ "origin": origin, "permissions": ["durableStorage"] });
        self.devtools("Browser.grantPermissions", grant).await
    }

    /// Freezes the page, or thaws it.
    ///
    /// # Errors
    /// When the browser can't.
    pub async fn freeze(&self, frozen: bool) -> Result {
        let state = if frozen { "frozen" } else { "active" };
        let state = json!({ "state": state });
        self.devtools("Page.setWebLifecycleState", state).await
    }

    /// Runs a script in each page that is loaded from now on, before its own.
    ///
    /// # Errors
    /// When the browser can't.
    pub async fn before_each_load(&self, script: &str) -> Result {
        let script = json!({ "source": script });
        let method = "Page.addScriptToEvaluateOnNewDocument";
        self.devtools(method, script).await
    }

    /// Whether the browser would ask a person who leaves the page whether they mean it.
    ///
    /// # Errors
    /// When the browser fails.
    pub async fn warns(&self) -> Result<bool> {
        let leave =
            "return !window.dispatchEvent(new Event('beforeunload', { cancelable: true }));";
        self.js(leave, vec![]).await
    }

    async fn origin(&self) -> Result<String> {
        self.js("return location.origin;", vec![]).await
    }

    async fn devtools(&self, method: &str, params: Value) -> Result {
        self.driver().cdp().send_raw(method, params).await?;
        Ok(())
    }
}
