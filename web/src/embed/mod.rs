//! A playground in an element of any page, and what that page can do with it.
//!
//! The scripts of `www/` make it: for the site's own page, which also lives in frames, and for the
//! custom element. They know the attributes and send the events; this knows the session.

mod options;
mod tell;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Array, Function, Object};
use swap_pager::language::Names;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::Element;
use yew::AppHandle;

use crate::app::{App, AppProps};
use crate::session::Session;
use crate::session::history::Stride;
pub use options::{Controls, OptionError, Options, Theme};
use tell::{Parse, snapshot};
pub use tell::{PortRef, answered, error, object, reader, use_telling};

/// What the page around a playground is in touch with.
#[derive(Debug)]
pub struct Port {
    session: RefCell<Option<Session>>,
    tell: Function,
    /// What reads commands, once it is there.
    parse: Cell<Option<Parse>>,
    /// Whether nobody is there any more.
    closed: Cell<bool>,
}

impl Port {
    fn for_page(tell: Function) -> PortRef {
        PortRef(Rc::new(Port {
            session: RefCell::default(),
            tell,
            parse: Cell::default(),
            closed: Cell::default(),
        }))
    }

    /// Takes the session that is shown, once it is there, or another one: the page around can use it
    /// now. Returns false if there is nobody who wants it any more.
    pub fn opened(&self, session: &Session) -> bool {
        if self.closed.get() {
            session.close();
            return false;
        }
        self.session.replace(Some(session.clone()));
        self.tell("ready", &Object::new());
        true
    }

    /// Takes what reads the commands that the page around gives.
    pub fn reads_with(&self, parse: Parse) {
        self.parse.set(Some(parse));
    }

    /// Tells the page around of something.
    pub fn tell(&self, kind: &str, detail: &JsValue) {
        if !self.closed.get() {
            // What listeners there throw is theirs.
            let _ = self.tell.call2(&JsValue::UNDEFINED, &kind.into(), detail);
        }
    }

    fn close(&self) {
        self.closed.set(true);
        if let Some(session) = self.session.take() {
            session.close();
        }
    }
}

/// A playground that is shown.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Playground {
    /// What the app is given, and was given last once it is up to date.
    props: RefCell<AppProps>,
    app: Rc<RefCell<AppHandle<App>>>,
}

// What is told can make the page around call back at once: nothing stays borrowed while it is told,
// and the app is given its properties later.
#[wasm_bindgen]
impl Playground {
    /// Shows a playground in place of all that is in `root`. With `alone` the page is there for
    /// nothing else. `attributes` are pairs of a name and a value. `tell` is called with the kind of
    /// what happened and what there is to say of it.
    #[wasm_bindgen(constructor)]
    pub fn new(root: Element, alone: bool, attributes: &Array, tell: Function) -> Playground {
        let port = Port::for_page(tell);
        let props = AppProps {
            options: read(attributes, &port),
            port,
            alone,
            asleep: false,
        };
        let app = yew::Renderer::<App>::with_root_and_props(root, props.clone()).render();
        Playground {
            props: RefCell::new(props),
            app: Rc::new(RefCell::new(app)),
        }
    }

    /// Shows nothing from now on, and lets go of the session; what it has stored stays. It can be
    /// woken again: the framework never lets go of the listeners of a root, so a root that is no
    /// longer needed is better kept for the next.
    pub fn rest(&self) {
        let port = self.props.borrow().port.clone();
        port.close();
        self.props.borrow_mut().asleep = true;
        self.update();
    }

    /// Is shown again, as if it were new.
    pub fn wake(&self, attributes: &Array, tell: Function) {
        let port = Port::for_page(tell);
        let options = read(attributes, &port);
        self.props.replace_with(|props| AppProps {
            options,
            port,
            alone: props.alone,
            asleep: false,
        });
        self.update();
    }

    /// Takes a changed attribute in; without a value it is gone.
    ///
    /// # Errors
    /// What is wrong with the value, as a sentence.
    pub fn set(&self, name: &str, value: Option<String>) -> Result<(), JsError> {
        let set = self.props.borrow_mut().options.set(name, value.as_deref());
        self.update();
        Ok(set?)
    }

    /// Gives the machine a command, as a person types it. It is meant for the machine as it is now, whatever moment
    /// is shown: a page can't be asked what it is meant for.
    ///
    /// # Errors
    /// What is wrong with it, as a sentence.
    pub fn run(&self, command: &str) -> Result<(), JsError> {
        let session = self.session()?;
        let parse = self.props.borrow().port.parse.get();
        let parse = parse.ok_or_else(not_ready)?;
        if session.is_back() {
            session.go_live();
        }
        let command = parse(command, &Names::of(&session.model()))?;
        Ok(session.run(command)?)
    }

    /// Whether the machine has something to do.
    ///
    /// # Errors
    /// When there is no session yet.
    pub fn busy(&self) -> Result<bool, JsError> {
        Ok(self.session()?.is_busy())
    }

    /// Goes so many commands on, or back.
    ///
    /// # Errors
    /// When there is no session yet.
    pub fn step(&self, commands: i32) -> Result<(), JsError> {
        let session = self.session()?;
        for _ in 0..commands.unsigned_abs() {
            let before = session.history().at();
            session.step(Stride::Command, commands > 0);
            if session.history().at() == before {
                break;
            }
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
        Ok(snapshot(&self.session()?))
    }

    /// Begins anew.
    ///
    /// # Errors
    /// When there is no session yet.
    pub fn reset(&self) -> Result<(), JsError> {
        self.session()?.clear();
        Ok(())
    }
}

impl Playground {
    fn update(&self) {
        let (app, props) = (self.app.clone(), self.props.borrow().clone());
        spawn_local(async move { app.borrow_mut().update(props) });
    }

    fn session(&self) -> Result<Session, JsError> {
        let session = self.props.borrow().port.session.borrow().clone();
        session.ok_or_else(not_ready)
    }
}

fn not_ready() -> JsError {
    JsError::new("The playground isn't ready: wait for its ready event.")
}

/// The options that attributes ask for. Those that make no sense are told of.
fn read(attributes: &Array, port: &Port) -> Options {
    let mut options = Options::default();
    for pair in attributes.iter().map(|pair| Array::from(&pair)) {
        let (name, value) = (pair.get(0).as_string(), pair.get(1).as_string());
        let set = options.set(&name.unwrap_or_default(), value.as_deref());
        if let Err(wrong) = set {
            error(port, &wrong.to_string());
        }
    }
    options
}
