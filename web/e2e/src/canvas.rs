//! Colours, on the canvas and off it.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::json;

use crate::page::test_id;
use crate::{Page, Result};

/// A colour: red, green and blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub struct Color(pub u8, pub u8, pub u8);

impl Color {
    /// Whether two colours look the same.
    pub fn is_like(self, other: Color) -> bool {
        let near = |a: u8, b: u8| a.abs_diff(b) <= 3;
        near(self.0, other.0) && near(self.1, other.1) && near(self.2, other.2)
    }
}

/// A part of a canvas, in CSS pixels from its upper left corner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Area {
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
    /// Its width.
    pub width: f64,
    /// Its height.
    pub height: f64,
}

impl Page {
    /// The colours in a part of a canvas, and how many pixels have each. A canvas can have more
    /// pixels than it takes of the page; both are known, so places are in CSS pixels.
    ///
    /// # Errors
    /// When there is no such canvas.
    pub async fn canvas_colors(&self, id: &str, area: Area) -> Result<BTreeMap<Color, u32>> {
        let script = "const [selector, x, y, width, height] = arguments;
            const canvas = document.querySelector(selector);
            const box = canvas.getBoundingClientRect();
            const [right, down] = [canvas.width / box.width, canvas.height / box.height];
            const place = [x * right, y * down, width * right, height * down].map(Math.round);
            const { data } = canvas.getContext('2d')
                .getImageData(place[0], place[1], Math.max(1, place[2]), Math.max(1, place[3]));
            const colors = new Map();
            for (let i = 0; i < data.length; i += 4) {
                const color = (data[i] << 16) | (data[i + 1] << 8) | data[i + 2];
                colors.set(color, (colors.get(color) ?? 0) + 1);
            }
            return Array.from(colors);";
        let Area {
            x,
            y,
            width,
            height,
        } = area;
        let args = vec![
            json!(test_id(id)),
            json!(x),
            json!(y),
            json!(width),
            json!(height),
        ];
        let found: Vec<(u32, u32)> = self.js(script, args).await?;
        let color = |(color, pixels): (u32, u32)| {
            let [_, red, green, blue] = color.to_be_bytes();
            (Color(red, green, blue), pixels)
        };
        Ok(found.into_iter().map(color).collect())
    }

    /// The colour that a property of the first element found has, whatever way the style sheet
    /// writes it.
    ///
    /// # Errors
    /// When there is no such element.
    pub async fn css_color(&self, selector: &str, property: &str) -> Result<Color> {
        let script = "const [selector, property] = arguments;
            const element = document.querySelector(selector);
            const canvas = document.createElement('canvas').getContext('2d');
            canvas.fillStyle = getComputedStyle(element).getPropertyValue(property);
            canvas.fillRect(0, 0, 1, 1);
            return Array.from(canvas.getImageData(0, 0, 1, 1).data).slice(0, 3);";
        self.js(script, vec![json!(selector), json!(property)])
            .await
    }
}
