//! What a person does with a mouse that is more than a click, and with two fingers.

use serde_json::{Value, json};

use crate::{Page, Result};

/// A place of the screen: how far to the right, and how far down.
pub type Point = (f64, f64);

/// Movements that a gesture has.
const STEPS: i32 = 8;

/// A button of the mouse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MouseButton {
    /// The left one.
    Left,
    /// The middle one, which often is a wheel.
    Middle,
}

impl Page {
    /// Moves the mouse to a place.
    ///
    /// # Errors
    /// When the browser fails.
    pub async fn point_at(&self, place: Point) -> Result {
        self.mouse("mouseMoved", ("none", 0), place).await
    }

    /// Drags with the mouse, from one place to another.
    ///
    /// # Errors
    /// When the browser fails.
    pub async fn drag(&self, button: MouseButton, from: Point, to: Point) -> Result {
        let (name, held) = match button {
            MouseButton::Left => ("left", 1),
            MouseButton::Middle => ("middle", 4),
        };
        let between = ((from.0 + to.0) / 2.0, (from.1 + to.1) / 2.0);
        self.point_at(from).await?;
        self.mouse("mousePressed", (name, held), from).await?;
        self.mouse("mouseMoved", (name, held), between).await?;
        self.mouse("mouseMoved", (name, held), to).await?;
        self.mouse("mouseReleased", (name, 0), to).await
    }

    async fn mouse(&self, kind: &str, (button, held): (&str, u32), (x, y): Point) -> Result {
        let event = json!({
            "type": kind, "x": x, "y": y, "button": button, "buttons": held, "clickCount": 1,
        });
        self.devtools("Input.dispatchMouseEvent", event).await?;
        self.next_frame().await
    }

    /// Moves two fingers, side by side, from a place between them and a distance to others.
    ///
    /// # Errors
    /// When the browser fails.
    pub async fn two_fingers(&self, from: (Point, f64), to: (Point, f64)) -> Result {
        let at = |step: i32| {
            let part = |from: f64, to: f64| from + (to - from) * f64::from(step) / f64::from(STEPS);
            let middle = (part(from.0.0, to.0.0), part(from.0.1, to.0.1));
            fingers(middle, part(from.1, to.1))
        };
        // They come down a little higher: what goes a few pixels is no movement to a browser.
        let ((x, y), apart) = from;
        let mut way = vec![("touchStart", fingers((x, y - 30.0), apart))];
        way.extend((0..=STEPS).map(|step| ("touchMove", at(step))));
        way.push(("touchEnd", json!([])));
        for (kind, points) in way {
            let event = json!({ "type": kind, "touchPoints": points });
            self.devtools("Input.dispatchTouchEvent", event).await?;
        }
        self.settled().await
    }
}

fn fingers((x, y): Point, apart: f64) -> Value {
    let half = apart / 2.0;
    json!([{ "id": 0, "x": x - half, "y": y }, { "id": 1, "x": x + half, "y": y }])
}
