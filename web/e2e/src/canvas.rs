//! What is painted on a canvas.

use std::collections::BTreeSet;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::Deserialize;
use serde_json::json;

use crate::page::test_id;
use crate::{Page, Result};

/// Gaps up to so many pixels don't end a run of one colour: clusters can be told apart on the map.
const SEAM: usize = 3;

/// A colour: red, green, blue, and how opaque it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub struct Color(pub u8, pub u8, pub u8, pub u8);

impl Color {
    /// Whether two colours look the same.
    pub fn is_like(self, other: Color) -> bool {
        let near = |a: u8, b: u8| a.abs_diff(b) <= 3;
        near(self.0, other.0)
            && near(self.1, other.1)
            && near(self.2, other.2)
            && near(self.3, other.3)
    }
}

/// A picture, pixel by pixel.
#[derive(Clone, Debug)]
pub struct Picture {
    width: usize,
    pixels: Vec<Color>,
}

impl Picture {
    /// The rows of pixels, from the top.
    pub fn rows(&self) -> impl Iterator<Item = &[Color]> {
        self.pixels.chunks_exact(self.width)
    }

    /// The numbers of the rows in which at least so many pixels are of this colour.
    pub fn rows_with(&self, color: Color, least: usize) -> Vec<usize> {
        let of_color = |row: &[Color]| row.iter().filter(|pixel| pixel.is_like(color)).count();
        let rows = self.rows().enumerate();
        rows.filter(|(_, row)| of_color(row) >= least)
            .map(|(y, _)| y)
            .collect()
    }

    /// The first and last pixels of the runs of this colour in a row.
    pub fn runs(&self, color: Color, y: usize) -> Vec<(usize, usize)> {
        let mut runs: Vec<(usize, usize)> = Vec::new();
        for (x, pixel) in self.rows().nth(y).unwrap_or_default().iter().enumerate() {
            match runs.last_mut() {
                _ if !pixel.is_like(color) => {}
                Some(run) if x - run.1 <= SEAM => run.1 = x,
                _ => runs.push((x, x)),
            }
        }
        runs
    }

    /// The colours of a rectangle: of its columns and rows from the first to the last.
    pub fn colors(&self, columns: (usize, usize), rows: (usize, usize)) -> BTreeSet<Color> {
        let rows = self.rows().skip(rows.0).take(rows.1 + 1 - rows.0);
        rows.flat_map(|row| row.iter().take(columns.1 + 1).skip(columns.0))
            .copied()
            .collect()
    }
}

impl Page {
    /// What is painted on a canvas, once all of the page is drawn.
    ///
    /// # Errors
    /// When there is no such canvas, or nothing on it.
    pub async fn canvas(&self, id: &str) -> Result<Picture> {
        self.find(id).await?;
        self.settled().await?;
        let script = "const canvas = document.querySelector(arguments[0]);
            const { width, height } = canvas;
            const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
            return [width, new Uint8Array(data.buffer).toBase64()];";
        let (width, data): (usize, String) = self.js(script, vec![json!(test_id(id))]).await?;
        let data = BASE64_STANDARD.decode(data)?;
        let pixels = data.chunks_exact(4);
        let pixels = pixels.map(|p| Color(p[0], p[1], p[2], p[3])).collect();
        Ok(Picture { width, pixels })
    }

    /// The colour of the dot that an object has on its card.
    ///
    /// # Errors
    /// When there is no such card.
    pub async fn object_color(&self, object: u32) -> Result<Color> {
        let dot = format!("[data-object=\"{object}\"] .object-dot");
        let script =
            "return getComputedStyle(document.querySelector(arguments[0])).backgroundColor;";
        let color: String = self.js(script, vec![json!(dot)]).await?;
        self.color(&color).await
    }

    /// The colour that a variable of the style sheet stands for now, such as `--cell`.
    ///
    /// # Errors
    /// When the browser fails.
    pub async fn style_color(&self, variable: &str) -> Result<Color> {
        let script = "const probe = document.createElement('i');
            probe.style.color = `var(${arguments[0]})`;
            document.querySelector('main').append(probe);
            const { color } = getComputedStyle(probe);
            probe.remove();
            return color;";
        let color: String = self.js(script, vec![json!(variable)]).await?;
        self.color(&color).await
    }

    /// A colour in the words of CSS, in numbers.
    async fn color(&self, css: &str) -> Result<Color> {
        let script = "const context = document.createElement('canvas').getContext('2d');
            context.fillStyle = arguments[0];
            context.fillRect(0, 0, 1, 1);
            return Array.from(context.getImageData(0, 0, 1, 1).data);";
        self.js(script, vec![json!(css)]).await
    }
}
