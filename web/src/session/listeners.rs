//! Who is told of changes, frame by frame.

use std::rc::Rc;

use super::Session;

/// More events than that in a frame are a rush.
const RUSH: u64 = 64;

/// Frames after which a rush is over: work that is handed out in turns leaves some without any.
const CALM: u32 = 3;

/// Is called after changes.
pub(super) type Listener = Rc<dyn Fn()>;

/// Keeps a listener on a session until dropped.
pub struct Subscription {
    session: Session,
    id: u64,
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.session
            .0
            .listeners
            .borrow_mut()
            .retain(|(id, _)| *id != self.id);
    }
}

impl Session {
    /// Whether so much happens in a frame that nobody could read it.
    pub fn rushes(&self) -> bool {
        self.0.shown.get().1 > 0
    }

    /// Has `listener` called after changes, at most once a frame, until what is returned is
    /// dropped.
    pub fn subscribe(&self, listener: impl Fn() + 'static) -> Subscription {
        let id = self.0.next_listener.replace_with(|id| *id + 1);
        self.0.listeners.borrow_mut().push((id, Rc::new(listener)));
        Subscription {
            session: self.clone(),
            id,
        }
    }

    /// Has the listeners called at the next frame.
    pub(super) fn changed(&self) {
        if self.0.frame.borrow().is_some() {
            return;
        }
        let session = self.clone();
        let frame = gloo::render::request_animation_frame(move |now| {
            session.0.frame.borrow_mut().take();
            let more = session.0.state.borrow_mut().go_on(now / 1000.0);
            let at = session.history().at();
            let (before, rush) = session.0.shown.get();
            let rush = match at.abs_diff(before) > RUSH {
                true => CALM,
                false => rush.saturating_sub(1),
            };
            session.0.shown.set((at, rush));
            // After a rush there is a frame that is none.
            if more || rush > 0 {
                session.changed();
            }
            let listeners: Vec<_> = session
                .0
                .listeners
                .borrow()
                .iter()
                .map(|(_, call)| call.clone())
                .collect();
            for listener in listeners {
                listener();
            }
        });
        *self.0.frame.borrow_mut() = Some(frame);
    }
}
