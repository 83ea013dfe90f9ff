//! The chain of decisions on the screen, made anew only when it has to be.

use std::rc::Rc;

use gloo::timers::callback::Timeout;
use yew::prelude::*;

use super::links::Links;
use crate::view::Panel;
use crate::view::ui::Thing;
use crate::view::why::tale::Sentence;
use crate::view::why::why;

/// Milliseconds between two chains while time goes on.
const PAUSE: f64 = 250.0;

/// A chain, and what it was made of.
#[derive(Default)]
pub struct Memo {
    of: Option<Thing>,
    at: u64,
    branch: u32,
    made: f64,
    tale: Rc<Vec<Sentence>>,
    /// The moment that a sentence led to: the chain stays while that is shown.
    followed: Option<u64>,
    timer: Option<Timeout>,
}

impl Memo {
    /// Stays as it is while this moment is shown.
    pub fn follow(&mut self, seq: u64) {
        self.followed = Some(seq);
    }

    /// The moment it was told at, if that is not the one shown.
    pub fn told_at(&self) -> Option<u64> {
        self.followed.map(|_| self.at)
    }

    /// The chain of what is looked at. `again` draws the panel once more.
    pub fn tale(&mut self, panel: &Panel, again: impl FnOnce() + 'static) -> Rc<Vec<Sentence>> {
        let (history, model) = (panel.session.history(), panel.session.model());
        let (of, at, branch) = (panel.ui.subject, history.at(), history.branch());
        let same = self.of == of && self.branch == branch;
        if same && (self.at == at || self.followed == Some(at)) {
            if self.at == at {
                self.followed = None;
            }
            return self.tale.clone();
        }
        let now = js_sys::Date::now();
        if same && panel.session.clock().playing && now - self.made < PAUSE {
            if self.timer.is_none() {
                self.timer = Some(Timeout::new(PAUSE as u32, again));
            }
            return self.tale.clone();
        }
        let tale = of.map(|thing| why(&history, &model, thing));
        *self = Memo {
            of,
            at,
            branch,
            made: now,
            tale: Rc::new(tale.unwrap_or_default()),
            followed: None,
            timer: None,
        };
        self.tale.clone()
    }
}

/// The chain as a list. Each sentence leads to its moment, and to what it names. `id` is its name in
/// test ids.
pub fn view(
    id: &'static str,
    tale: &[Sentence],
    told_at: Option<u64>,
    at: u64,
    links: &mut Links,
) -> Html {
    if tale.is_empty() {
        return Html::default();
    }
    let sentence = |(i, sentence): (usize, &Sentence)| {
        let moment = (sentence.seq > 0).then(|| {
            let link = links.moment(sentence.seq);
            let current = (told_at.is_some() && sentence.seq == at).then_some("step");
            html! {
                <button type="button" class="moment" data-testid="why-moment" data-link={link} aria-current={current}
                    data-seq={sentence.seq.to_string()} aria-label={format!("Go to event {}", sentence.seq)}
                    title="Go to this moment">{ format!("#{}", sentence.seq) }</button>
            }
        });
        let parts = sentence.parts.iter().map(|part| match part.thing {
            None => html! { { part.text.clone() } },
            Some(thing) => {
                let link = links.thing(thing);
                html! { <button type="button" class="link" data-link={link}>{ part.text.clone() }</button> }
            }
        });
        let parts: Html = parts.collect();
        let class = classes!(
            sentence.deep.then_some("deep"),
            sentence.bad.then_some("failure")
        );
        html! { <li key={i} {class}><span>{ parts }</span>{ moment }</li> }
    };
    let sentences: Html = tale.iter().enumerate().map(sentence).collect();
    let back = told_at.map(|told_at| {
        let link = links.moment(told_at);
        html! { <button type="button" class="link" data-testid="why-back" data-link={link}>{ format!("back to #{told_at}") }</button> }
    });
    let title = format!("{id}-title");
    html! {
        <div class="why">
            <div class="panel-head"><h3 id={title.clone()}>{ if id == "why" { "Why here?" } else { "Why?" } }</h3>{ back }</div>
            <ol data-testid={id} aria-labelledby={title}>{ sentences }</ol>
        </div>
    }
}
