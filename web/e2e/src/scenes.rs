//! All scenes of the page: what pictures are taken of, and what is checked to fit its screen and
//! to shut nobody out. A new dialog or view is added here, and nowhere else.

use thirtyfour::prelude::*;

use crate::{Look, Page, Result, Screen};

/// Scenes that follow from each other, in a browser of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// The first visit, and a machine with nothing in it.
    Start,
    /// The stage and all views, each as a picture and as a table.
    Views,
    /// The past, and what is asked about it.
    Time,
    /// All dialogs, and what they refuse.
    Dialogs,
    /// What goes wrong, and what a person has go wrong.
    Faults,
    /// Disks that refuse, and where they are kept.
    Storage,
    /// A lesson, from its cover to its end.
    Lesson,
}

/// All acts.
pub const ACTS: [Act; 7] = [
    Act::Start,
    Act::Views,
    Act::Time,
    Act::Dialogs,
    Act::Faults,
    Act::Storage,
    Act::Lesson,
];

impl Act {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Act::Start => "start",
            Act::Views => "views",
            Act::Time => "time",
            Act::Dialogs => "dialogs",
            Act::Faults => "faults",
            Act::Storage => "storage",
            Act::Lesson => "lesson",
        }
    }
}

/// The tabs of the views.
pub const VIEWS: [&str; 6] = ["stripes", "linear", "tree", "metadata", "buffers", "memory"];

/// The buttons that open a dialog whatever else is shown.
const OPENERS: [&str; 8] = [
    "add-disk",
    "new-object",
    "learn",
    "write",
    "destroy",
    "machine",
    "clear-all",
    "help",
];

/// A dialog that is open.
const DIALOG: &str = "dialog[open]";

/// Where scenes are shown.
struct Stage<'a, F> {
    page: &'a Page,
    looks: &'a [Look],
    seen: F,
}

/// Plays an act, and hands each of its scenes over on each screen: its name, and the screen.
///
/// # Errors
/// When the page doesn't do as it should, and those of `seen`.
pub async fn play<F>(act: Act, page: &Page, looks: &[Look], seen: F) -> Result
where
    F: AsyncFnMut(&str, Look) -> Result,
{
    let mut stage = Stage { page, looks, seen };
    match act {
        Act::Start => stage.start().await,
        Act::Views => stage.views().await,
        Act::Time => stage.time().await,
        Act::Dialogs => stage.dialogs().await,
        Act::Faults => stage.faults().await,
        Act::Storage => stage.storage().await,
        Act::Lesson => stage.lesson().await,
    }
}

impl<F: AsyncFnMut(&str, Look) -> Result> Stage<'_, F> {
    /// Shows a scene. `tab` is where a narrow screen has it.
    async fn show(&mut self, scene: &str, tab: Option<&str>) -> Result {
        for look in self.looks {
            self.page.look(*look).await?;
            if let (Screen::Narrow, Some(tab)) = (look.screen, tab) {
                self.page.show_tab(tab).await?;
            }
            (self.seen)(scene, *look).await?;
        }
        self.page.look(Look::default()).await
    }

    async fn start(&mut self) -> Result {
        self.show("start", None).await?;
        self.page.start_empty().await?;
        for tab in ["objects", "views", "inspector", "log"] {
            self.show(&format!("empty-{tab}"), Some(tab)).await?;
        }
        Ok(())
    }

    async fn views(&mut self) -> Result {
        let page = self.page;
        page.run_demo().await?;
        self.show("stage", Some("objects")).await?;
        page.press("demo-stop").await?;
        // Of this page both a copy in memory and one on swap are there, and it tells why.
        page.choose(1).await?;
        page.select("60").await?;
        self.show("objects", Some("objects")).await?;
        page.select("20").await?;
        self.show("inspector", Some("inspector")).await?;
        self.show("log", Some("log")).await?;
        for view in VIEWS {
            page.press(&format!("view-{view}")).await?;
            page.find_css(&format!("[data-testid=view-{view}][aria-selected=true]"))
                .await?;
            self.show(view, Some("views")).await?;
            page.press("table-toggle").await?;
            page.find_css("[data-testid=table-toggle][aria-pressed=true]")
                .await?;
            self.show(&format!("{view}-table"), Some("views")).await?;
            page.press("table-toggle").await?;
        }
        page.press("view-stripes").await?;
        page.press("fullscreen").await?;
        self.show("full", None).await?;
        page.keys(Key::Escape.value().to_string()).await
    }

    async fn time(&mut self) -> Result {
        let page = self.page;
        page.run_demo().await?;
        page.press("demo-stop").await?;
        page.press("timeline-toggle").await?;
        self.show("timeline-table", Some("views")).await?;
        page.press("timeline-toggle").await?;
        for _ in 0..4 {
            page.keys("[").await?;
        }
        self.show("past", Some("objects")).await?;
        self.show("past-views", Some("views")).await?;
        self.show("past-log", Some("log")).await?;
        page.press("transport-go-on").await?;
        page.find_css(DIALOG).await?;
        self.show("dialog-go-on", None).await?;
        page.close_dialog().await?;
        page.choose(1).await?;
        page.select("3").await?;
        page.press("read").await?;
        page.find_css(DIALOG).await?;
        self.show("dialog-past", None).await?;
        page.close_dialog().await
    }

    async fn dialogs(&mut self) -> Result {
        let page = self.page;
        page.start_empty().await?;
        page.add_disk(4096).await?;
        page.new_object(Some("heap"), 128).await?;
        page.fill("0..40").await?;
        page.page_out("0..31").await?;
        page.read("3").await?;
        for opener in OPENERS {
            page.press(opener).await?;
            page.find_css(DIALOG).await?;
            self.show(&format!("dialog-{opener}"), None).await?;
            page.close_dialog().await?;
        }
        page.press("disk-head").await?;
        self.show("disk", Some("inspector")).await?;
        page.press("disk-settings").await?;
        page.find_css(DIALOG).await?;
        self.show("dialog-disk", None).await?;
        page.close_dialog().await?;
        page.choose(1).await?;
        for (opener, field, text) in [
            ("new-object", "object-pages", "many"),
            ("add-disk", "disk-pages", "0"),
        ] {
            page.press(opener).await?;
            page.enter(field, text).await?;
            page.press(&field.replace("pages", "submit")).await?;
            page.find_css(&format!("[data-testid={field}][aria-invalid=true]"))
                .await?;
            self.show(&format!("refused-{opener}"), None).await?;
            page.close_dialog().await?;
        }
        page.select("40..2").await?;
        self.show("refused-range", Some("objects")).await?;
        page.enter("command", "page").await?;
        self.show("command", Some("log")).await?;
        page.enter("command", "pgaeout heap").await?;
        page.keys(Key::Escape.value().to_string()).await?;
        page.keys(Key::Enter.value().to_string()).await?;
        self.show("refused-command", Some("log")).await
    }

    async fn faults(&mut self) -> Result {
        let page = self.page;
        page.page_out_by_hand().await?;
        page.find("transfer-fail").await?;
        self.show("by-hand", Some("views")).await?;
        page.press("transfer-fail").await?;
        self.show("by-hand-log", Some("log")).await?;
        page.press("transfers-all").await?;
        page.press("by-hand-toggle").await?;
        page.ready().await?;
        page.harm_log(2).await?;
        page.reload().await?;
        page.find("trouble").await?;
        self.show("trouble", None).await
    }

    async fn lesson(&mut self) -> Result {
        let page = self.page;
        page.driver()
            .goto(format!("{}?lesson=striping", page.site()))
            .await?;
        page.find("lesson-begin").await?;
        page.ready().await?;
        self.show("lesson-cover", Some("lesson")).await?;
        page.press("lesson-begin").await?;
        page.find("answer").await?;
        page.press("lesson-next").await?;
        page.find("verdict").await?;
        page.press("lesson-next").await?;
        page.find("answer").await?;
        page.press("hint").await?;
        self.show("lesson-question", Some("lesson")).await?;
        page.enter("answer", "0").await?;
        page.press("answer-submit").await?;
        page.find("verdict").await?;
        page.ready().await?;
        self.show("lesson-answered", Some("lesson")).await?;
        page.press("lesson-back").await?;
        self.show("lesson-back", Some("views")).await?;
        page.look(Look::default()).await?;
        let script = "const lesson = () => document.querySelector('[data-testid=lesson]');
            for (let tries = 0; tries < 60 && lesson().dataset.place !== 'challenge'; tries += 1) {
                document.querySelector('[data-testid=lesson-next]').click();
                await new Promise((on) => setTimeout(on, 50));
                await until('the step', () => lesson().dataset.busy === 'false');
            }";
        let () = page.js_async(script, vec![]).await?;
        page.ready().await?;
        page.press("challenge-show").await?;
        self.show("lesson-challenge", Some("lesson")).await?;
        page.press("lesson-next").await?;
        page.find("lesson-end").await?;
        self.show("lesson-end", Some("lesson")).await
    }

    async fn storage(&mut self) -> Result {
        let page = self.page;
        page.start_empty().await?;
        page.add_disk(4096).await?;
        page.new_object(Some("heap"), 128).await?;
        page.fill("all").await?;
        page.press("storage-badge").await?;
        page.until_there("storage-kept", true).await?;
        self.show("dialog-storage", None).await?;
        page.close_dialog().await?;
        page.delete_disks().await?;
        page.press("pageout").await?;
        page.find("stall-memory").await?;
        self.show("refused-gone", None).await?;
        page.press("stall-more").await?;
        page.find_css(DIALOG).await?;
        self.show("dialog-gone", None).await?;
        page.press("storage-reopen").await?;
        page.until_there("storage-reopen", false).await?;
        page.close_dialog().await?;
        page.ready().await?;
        page.tell_room(93 << 20, 100 << 20).await?;
        page.reload().await?;
        page.choose(1).await?;
        page.fill("all").await?;
        page.press("pageout").await?;
        page.find("stall-memory").await?;
        self.show("refused-room", None).await?;
        page.press("stall-more").await?;
        page.find_css(DIALOG).await?;
        self.show("dialog-room", None).await?;
        page.press("storage-memory").await?;
        page.until_there("storage-reopen", true).await?;
        self.show("dialog-memory", None).await?;
        page.close_dialog().await?;
        self.show("in-memory", Some("objects")).await
    }
}
