//! A playground in an element of any page, and what that page can do with it.
//!
//! The scripts of `www/` make it: for the site's own page, which also lives in frames, and for the
//! custom element. They know the attributes and send the events; this knows the session.

mod options;
mod tell;

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Function, Object};
use swap_pager::language::{Names, parse};
use wasm_bindgen::prelude::*;
use web_sys::Element;
use yew::AppHandle;

use crate::app::{App, AppProps};
use crate::session::Session;
use crate::session::history::Stride;
pub use options::{Controls, OptionError, Options, Theme};
use tell::snapshot;
pub use tell::{PortRef, use_telling};

/// What the page around a playground is in touch with.
#[derive(Debug)]
pub struct Port {
    session: RefCell<Option<Session>>,
    tell: Function,
}

impl Port {
    /// Takes the session, once it is there, or another one: the page around can use it now.
    pub fn opened(&self, session: &Session) {
        self.session.replace(Some(session.clone()));
        self.tell("ready", &Object::new());
    }

    /// Tells the page around of something.
    pub fn tell(&self, kind: &str, detail: &JsValue) {
        // What listeners there throw is theirs.
        let _ = self.tell.call2(&JsValue::UNDEFINED, &kind.into(), detail);
    }
}

/// A playground that is shown.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Playground {
    app: Option<AppHandle<App>>,
    options: Options,
    port: Rc<Port>,
    /// Whether it has the page for itself.
    alone: bool,
}

#[wasm_bindgen]
impl Playground {
    /// Shows a playground in place of all that is in `root`. With `alone` the page is there for
    /// nothing else. `tell` is called with the kind of what happened and what there is to say of it.
    #[wasm_bindgen(constructor)]
    pub fn new(root: Element, alone: bool, attributes: &Array, tell: Function) -> Playground {
        let mut options = Options::default();
        let port = Rc::new(Port {
            session: RefCell::default(),
            tell,
        });
        for pair in attributes.iter().map(|pair| Array::from(&pair)) {
            let (name, value) = (pair.get(0).as_string(), pair.get(1).as_string());
            if let Err(error) = options.set(&name.unwrap_or_default(), value.as_deref()) {
                tell::error(&port, &error.to_string());
            }
        }
        let props = AppProps {
            options: options.clone(),
            port: PortRef(port.clone()),
            alone,
        };
        let app = yew::Renderer::<App>::with_root_and_props(root, props).render();
        Playground {
            app: Some(app),
            options,
            port,
            alone,
        }
    }

    /// Takes a changed attribute in; without a value it is gone.
    ///
    /// # Errors
    /// What is wrong with the value, as a sentence.
    pub fn set(&mut self, name: &str, value: Option<String>) -> Result<(), JsError> {
        let set = self.options.set(name, value.as_deref());
        let props = AppProps {
            options: self.options.clone(),
            port: PortRef(self.port.clone()),
            alone: self.alone,
        };
        if let Some(app) = &mut self.app {
            app.update(props);
        }
        Ok(set?)
    }

    /// Gives the machine a command, as a person types it.
    ///
    /// # Errors
    /// What is wrong with it, as a sentence.
    pub fn run(&self, command: &str) -> Result<(), JsError> {
        let session = self.session()?;
        let command = parse(command, &Names::of(&session.model()))?;
        Ok(session.run(command)?)
    }

    /// Goes so many commands on, or back.
    ///
    /// # Errors
    /// When there is no session yet.
    pub fn step(&self, commands: i32) -> Result<(), JsError> {
        let session = self.session()?;
        for _ in 0..commands.unsigned_abs() {
            session.step(Stride::Command, commands > 0);
        }
        Ok(())
    }

    /// Shows the moment after so many events.
    ///
    /// # Errors
    /// When there is no session yet.
    pub fn seek(&self, moment: f64) -> Result<(), JsError> {
        // Beyond either end is the end: the cast stops there too.
        self.session()?.seek(moment as u64);
        Ok(())
    }

    /// What the machine is like at the moment that is shown.
    ///
    /// # Errors
    /// When there is no session yet.
    pub fn snapshot(&self) -> Result<Object, JsError> {
        Ok(snapshot(&*self.session()?))
    }

    /// Begins anew.
    ///
    /// # Errors
    /// When there is no session yet.
    pub fn reset(&self) -> Result<(), JsError> {
        self.session()?.clear();
        Ok(())
    }

    /// Takes the playground off the page. What it has stored stays.
    pub fn close(&mut self) {
        if let Some(app) = self.app.take() {
            app.destroy();
        }
        if let Some(session) = self.port.session.take() {
            session.close();
        }
    }
}

impl Playground {
    fn session(&self) -> Result<impl std::ops::Deref<Target = Session> + '_, JsError> {
        let session = self.port.session.borrow();
        std::cell::Ref::filter_map(session, Option::as_ref)
            .map_err(|_| JsError::new("The playground isn't ready: wait for its ready event."))
    }
}
