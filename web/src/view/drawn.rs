//! Every component of the page is drawn by one component of the framework: each kind of those
//! brings a life cycle of its own into the program, 5 KB before it shows anything.

use std::any::{Any, type_name};
use std::marker::PhantomData;
use std::rc::Rc;

use yew::functional::{FunctionProvider, Hook, HookContext};
use yew::prelude::*;
use yew::virtual_dom::{Key, VList};

/// Shows a component.
pub fn drawn<C>(props: C::Properties) -> Html
where
    C: FunctionProvider + 'static,
    C::Properties: 'static,
{
    let of = PhantomData::<C>;
    listed(type_name::<C>(), Rc::new(Of { props, of }), None)
}

/// Shows a component that `key` tells apart from others of its kind, in a list or one after the
/// other.
pub fn drawn_keyed<C>(key: impl Into<Key>, props: C::Properties) -> Html
where
    C: FunctionProvider + 'static,
    C::Properties: 'static,
{
    let of = PhantomData::<C>;
    listed(
        type_name::<C>(),
        Rc::new(Of { props, of }),
        Some(key.into()),
    )
}

/// Its key begins with its name, so that no component takes the place of one of another kind. As
/// others of its kind can stand beside it, it is in a list of its own.
fn listed(name: &'static str, body: Rc<dyn Body>, key: Option<Key>) -> Html {
    let own = match &key {
        Some(key) => format!("{name} {key}").into(),
        None => Key::from(name),
    };
    let component = html! { <Drawn key={own} {body} /> };
    VList::with_children(vec![component], key).into()
}

/// A component with what it is given.
trait Body {
    fn run(&self, ctx: &mut HookContext) -> Html;
    fn same(&self, other: &dyn Body) -> bool;
    fn as_any(&self) -> &dyn Any;
}

struct Of<C: FunctionProvider> {
    props: C::Properties,
    of: PhantomData<C>,
}

impl<C> Body for Of<C>
where
    C: FunctionProvider + 'static,
    C::Properties: 'static,
{
    fn run(&self, ctx: &mut HookContext) -> Html {
        // None of them waits for anything while it is drawn.
        C::run(ctx, &self.props).unwrap_or_default()
    }

    fn same(&self, other: &dyn Body) -> bool {
        let other = other.as_any().downcast_ref::<Of<C>>();
        other.is_some_and(|other| self.props == other.props)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

#[derive(Properties)]
struct Props {
    body: Rc<dyn Body>,
}

impl PartialEq for Props {
    fn eq(&self, other: &Props) -> bool {
        Rc::ptr_eq(&self.body, &other.body) || self.body.same(&*other.body)
    }
}

#[component]
fn Drawn(props: &Props) -> Html {
    use_body(&*props.body)
}

fn use_body(body: &dyn Body) -> impl Hook<Output = Html> {
    Run(body)
}

struct Run<'a>(&'a dyn Body);

impl Hook for Run<'_> {
    type Output = Html;

    fn run(self, ctx: &mut HookContext) -> Html {
        self.0.run(ctx)
    }
}
