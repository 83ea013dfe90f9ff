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
    /// What is painted on a canvas.
    ///
    /// # Errors
    /// When there is no such canvas, or nothing on it.
    pub async fn canvas(&self, id: &str) -> Result<Picture> {
        let script = "const canvas = document.querySelector(arguments[0]);
            const { width, height } = canvas;
            const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
            return [width, new Uint8Array(data.buffer).toBase64()];";
        let (width, data): (usize, String) = self.js(script, vec![json!(test_id(id))]).await?;
        let data = BASE64_STANDARD.decode(data)?;
        let pixels = data.chunks_exact(4);
        let pixels = pixels.map(|p| Color(p[0], p[1], p[2])).collect();
        Ok(Picture { width, pixels })
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
