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
            // Not at once: what else the transaction has is still to be asked for.
            if (window.refused) queueMicrotask(() => { try { this.transaction.abort(); } catch {} });
            return request;
        };
    }
    const { get } = Object.getOwnPropertyDescriptor(IDBTransaction.prototype, 'error');
    const full = new DOMException('full', 'QuotaExceededError');
    Object.defineProperty(IDBTransaction.prototype, 'error', {
        get() { return window.refused === 'full' ? full : get.call(this); },
    });";

/// Chromium tells every site of 10 GiB more than it uses, whatever there is; other browsers tell
/// what they give.
const TELL: &str = "window.estimated ??= StorageManager.prototype.estimate.bind(navigator.storage);
    StorageManager.prototype.estimate = async () => ({
        usage: Number(sessionStorage.getItem('used')) + (await window.estimated()).usage,
        quota: Number(sessionStorage.getItem('limit')),
    });
    StorageManager.prototype.persisted = async () => sessionStorage.getItem('kept') === 'yes';
    StorageManager.prototype.persist = async () => {
        sessionStorage.setItem('kept', 'yes');
        return true;
    };";

impl Page {
    /// Deletes the database, as another tab would.
    ///
    /// # Errors
    /// When the page doesn't let go of it.
    pub async fn delete_disks(&self) -> Result {
        self.js_async(DELETE, vec![]).await
    }

    /// From now on every transaction that stores something is aborted; for want of room, if it is
    /// `full`. A real quota can't be had: Chromium goes by the one it knew first for half a minute.
    ///
    /// # Errors
    /// When the browser fails.
    pub async fn refuse_writes(&self, full: bool) -> Result {
        let () = self.js(REFUSE, vec![]).await?;
        let why = if full { "full" } else { "no" };
        let refuse = "window.refused = arguments[0];";
        self.js(refuse, vec![json!(why)]).await
    }

    /// They no longer are.
    ///
    /// # Errors
    /// When the browser fails.
    pub async fn take_writes(&self) -> Result {
        self.js("window.refused = null;", vec![]).await
    }

    /// Has the browser tell from now on, also after a reload, that the site may use `limit` bytes,
    /// and that others take up `used` of them. It keeps what is stored if it is asked to.
    ///
    /// # Errors
    /// When the browser can't.
    pub async fn tell_room(&self, used: u64, limit: u64) -> Result {
        let keep = "sessionStorage.setItem('used', arguments[0]);
            sessionStorage.setItem('limit', arguments[1]);";
        let () = self.js(keep, vec![json!(used), json!(limit)]).await?;
        let () = self.js(TELL, vec![]).await?;
        self.before_each_load(TELL).await
    }

    /// Whether the browser was asked to keep what is stored, since [`tell_room`](Self::tell_room).
    ///
    /// # Errors
    /// When the browser fails.
    pub async fn is_kept(&self) -> Result<bool> {
        let kept = "return sessionStorage.getItem('kept') === 'yes';";
        self.js(kept, vec![]).await
    }

    /// Freezes the page, or thaws it.
    ///
    /// # Errors
    /// When the browser can't.
    pub async fn freeze(&self, frozen: bool) -> Result {
        let state = if frozen { "frozen" } else { "active" };
        let state = json!({ "state": state });
        self.devtools("Page.setWebLifecycleState", state).await?;
        if frozen {
            return Ok(());
        }
        // What is frozen was hidden before, and stays so until another tab gives way to it.
        let this = self.driver().window().await?;
        let other = self.driver().new_tab().await?;
        self.driver().switch_to_window(other).await?;
        self.driver().close_window().await?;
        self.driver().switch_to_window(this).await?;
        self.next_frame().await
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

    /// Gives the browser a command of its developer tools.
    ///
    /// # Errors
    /// When the browser can't.
    pub async fn devtools(&self, method: &str, params: Value) -> Result {
        self.driver().cdp().send_raw(method, params).await?;
        Ok(())
    }
}
