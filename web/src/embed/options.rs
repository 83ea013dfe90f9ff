//! What an embedded playground shows: the attributes of its element, which are also the query
//! parameters of the page.

use std::fmt;

use swap_pager::compare::IDS;

use crate::session::clock::SPEEDS;
use crate::view::ui::{VIEWS, View};

/// Parts that can be shown beside the views, by the names that `view` has for them.
const PANELS: [&str; 4] = ["objects", "inspector", "log", "timeline"];

/// The names of [`SPEEDS`](crate::session::clock::SPEEDS): events a second.
const SPEED_NAMES: [&str; SPEEDS.len()] = ["2", "10", "50", "250", "1500", "instant"];

/// How much there is to press.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Controls {
    /// Nothing: a picture that can be pointed at.
    None,
    /// What goes through time.
    Minimal,
    /// Everything.
    #[default]
    Full,
}

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system or the page around it has it.
    #[default]
    Auto,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// What is asked for. Each has its name as an attribute.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// `view`: the views to choose from, the first of them is shown; none is all of them.
    pub views: Vec<View>,
    /// `view` too: which of the other parts are shown, in the order of objects, inspector, log
    /// and timeline. `None` is what `controls` has.
    pub panels: Option<[bool; 4]>,
    /// `controls`.
    pub controls: Controls,
    /// `theme`.
    pub theme: Theme,
    /// `storage`: whether the disks are in memory, if that is said.
    pub in_memory: Option<bool>,
    /// `session`: a link, or the address of a session file.
    pub session: Option<String>,
    /// `lesson`: the name of one of the site's, or the address of a lesson file.
    pub lesson: Option<String>,
    /// `present`: whether it is shown to a room. It is for a page of its own only.
    pub present: bool,
    /// Where the site is, for links to it. The scripts say it, nobody else.
    pub site: String,
    /// `step`: the moment to show, counted in commands.
    pub step: Option<u32>,
    /// `autoplay`.
    pub autoplay: bool,
    /// `speed`: a place in [`SPEEDS`].
    pub speed: Option<usize>,
    /// `compare`: two machines that are to be shown side by side, by the number of their
    /// [preset](swap_pager::compare::PRESETS). Only a page has it.
    pub compare: Option<usize>,
    /// `label`: how the playground is called for those who can't see it.
    pub label: Option<String>,
}

/// An attribute whose value is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionError {
    /// The attribute.
    pub name: String,
    /// What it has.
    pub value: String,
    /// What it can have.
    pub wanted: String,
}

impl fmt::Display for OptionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}=\"{}\" is not understood: it can be {}.",
            self.name, self.value, self.wanted
        )
    }
}

impl std::error::Error for OptionError {}

impl Options {
    /// Takes a value for an attribute in; `None` if it was taken away. Names that are none of ours are
    /// left alone: an element has others too.
    ///
    /// # Errors
    /// When the value makes no sense. The option is then as if it had not been given.
    pub fn set(&mut self, name: &str, value: Option<&str>) -> Result<(), OptionError> {
        let default = Options::default();
        match name {
            "view" => (self.views, self.panels) = (default.views, default.panels),
            "controls" => self.controls = default.controls,
            "theme" => self.theme = default.theme,
            "storage" => self.in_memory = default.in_memory,
            "step" => self.step = default.step,
            "autoplay" => self.autoplay = default.autoplay,
            "speed" => self.speed = default.speed,
            "label" => self.label = default.label,
            "session" => self.session = default.session,
            "compare" => self.compare = default.compare,
            "lesson" => self.lesson = default.lesson,
            "present" => self.present = default.present,
            "site" => self.site = default.site,
            _ => return Ok(()),
        }
        let Some(value) = value.map(str::trim) else {
            return Ok(());
        };
        let taken = match name {
            "view" => self.take_views(value),
            "controls" => one_of(
                value,
                &[
                    ("none", Controls::None),
                    ("minimal", Controls::Minimal),
                    ("full", Controls::Full),
                ],
            )
            .map(|controls| self.controls = controls),
            "theme" => one_of(
                value,
                &[
                    ("auto", Theme::Auto),
                    ("light", Theme::Light),
                    ("dark", Theme::Dark),
                ],
            )
            .map(|theme| self.theme = theme),
            "storage" => one_of(value, &[("memory", true), ("indexeddb", false)])
                .map(|in_memory| self.in_memory = Some(in_memory)),
            "step" => match value.parse() {
                Ok(step) => {
                    self.step = Some(step);
                    Ok(())
                }
                Err(_) => Err("a number of commands, such as 3".into()),
            },
            // As with other attributes of this kind, to be there is enough.
            "autoplay" | "present" => one_of(
                value,
                &[("", true), ("true", true), (name, true), ("false", false)],
            )
            .map(|on| match name {
                "present" => self.present = on,
                _ => self.autoplay = on,
            }),
            "speed" => {
                let speeds: Vec<_> = SPEED_NAMES.into_iter().zip(0..).collect();
                one_of(value, &speeds).map(|speed| self.speed = Some(speed))
            }
            "compare" => {
                let presets: Vec<_> = IDS.into_iter().zip(0..).collect();
                one_of(value, &presets).map(|preset| self.compare = Some(preset))
            }
            "site" => {
                self.site = value.to_owned();
                Ok(())
            }
            "session" => {
                // What is wrong with it is found when it is opened.
                self.session = Some(value.to_owned()).filter(|session| !session.is_empty());
                Ok(())
            }
            "lesson" => {
                self.lesson = Some(value.to_owned()).filter(|lesson| !lesson.is_empty());
                Ok(())
            }
            _ => {
                self.label = Some(value.to_owned());
                Ok(())
            }
        };
        taken.map_err(|wanted| OptionError {
            name: name.to_owned(),
            value: value.to_owned(),
            wanted,
        })
    }

    fn take_views(&mut self, value: &str) -> Result<(), String> {
        let (mut views, mut panels) = (Vec::new(), [false; 4]);
        for word in value.split([',', ' ']).filter(|word| !word.is_empty()) {
            let view = VIEWS.iter().find(|(_, name, _)| *name == word);
            let panel = PANELS.iter().position(|name| *name == word);
            match (view, panel) {
                (Some((view, ..)), _) if !views.contains(view) => views.push(*view),
                (Some(_), _) => {}
                (None, Some(panel)) => panels[panel] = true,
                (None, None) => {
                    let views = VIEWS.iter().map(|(_, name, _)| *name);
                    return Err(format!("a list of {}", listed(views.chain(PANELS))));
                }
            }
        }
        (self.views, self.panels) = (views, Some(panels));
        Ok(())
    }
}

/// The value of that name, or what names there are.
fn one_of<T: Copy>(name: &str, values: &[(&str, T)]) -> Result<T, String> {
    let found = values.iter().find(|(other, _)| *other == name);
    found.map(|(_, value)| *value).ok_or_else(|| {
        listed(
            values
                .iter()
                .map(|(name, _)| *name)
                .filter(|name| !name.is_empty()),
        )
    })
}

fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;
    use crate::session::clock::AT_ONCE;

    fn read(name: &str, value: &str) -> Result<Options, String> {
        let mut options = Options::default();
        let read = options.set(name, Some(value));
        read.map(|()| options).map_err(|error| error.to_string())
    }

    #[test]
    fn attributes_are_read() {
        let views =
            read("view", "tree, stripes,objects tree").map(|read| (read.views, read.panels));
        let panels = Some([true, false, false, false]);
        assert_eq!(views, Ok((vec![View::Tree, View::Stripes], panels)));
        assert_eq!(
            read("controls", "minimal").map(|read| read.controls),
            Ok(Controls::Minimal)
        );
        assert_eq!(
            read("theme", " dark ").map(|read| read.theme),
            Ok(Theme::Dark)
        );
        assert_eq!(
            read("storage", "indexeddb").map(|read| read.in_memory),
            Ok(Some(false))
        );
        assert_eq!(read("step", "12").map(|read| read.step), Ok(Some(12)));
        assert_eq!(read("autoplay", "").map(|read| read.autoplay), Ok(true));
        assert_eq!(
            read("label", "Two disks").map(|read| read.label),
            Ok(Some("Two disks".into()))
        );
        assert_eq!(
            read("lesson", "striping").map(|read| read.lesson),
            Ok(Some("striping".into()))
        );
        assert_eq!(read("present", "").map(|read| read.present), Ok(true));
        assert_eq!(read("class", "wide"), Ok(Options::default()));
        assert_eq!(read("speed", "50").map(|read| read.speed), Ok(Some(2)));
        assert_eq!(
            read("speed", "instant").map(|read| read.speed),
            Ok(Some(AT_ONCE))
        );
    }

    #[test]
    fn what_makes_no_sense_is_told_and_changes_nothing() {
        assert_eq!(
            read("theme", "blue"),
            Err("theme=\"blue\" is not understood: it can be auto, light, dark.".into())
        );
        assert_eq!(
            read("view", "stripes,moon"),
            Err("view=\"stripes,moon\" is not understood: it can be a list of stripes, linear, tree, \
                 metadata, buffers, memory, objects, inspector, log, timeline."
                .into())
        );
        for (name, value) in [
            ("step", "-1"),
            ("step", "x"),
            ("speed", "9"),
            ("storage", ""),
            ("autoplay", "no"),
        ] {
            assert!(read(name, value).is_err(), "{name}={value}");
        }
        let mut options = Options {
            controls: Controls::None,
            ..Options::default()
        };
        assert!(options.set("controls", Some("some")).is_err());
        assert_eq!(options, Options::default());
    }

    #[test]
    fn an_attribute_can_be_taken_away() {
        let mut options = Options::default();
        for (name, value) in [
            ("view", "tree"),
            ("theme", "dark"),
            ("step", "4"),
            ("label", "x"),
            ("autoplay", ""),
            ("lesson", "striping"),
        ] {
            assert_eq!(options.set(name, Some(value)), Ok(()));
        }
        for name in ["view", "theme", "step", "label", "autoplay", "lesson"] {
            assert_eq!(options.set(name, None), Ok(()));
        }
        assert_eq!(options, Options::default());
    }
}
