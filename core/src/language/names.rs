//! What the words of a command can stand for.

use crate::Model;
use crate::units::{DeviceId, ObjectId};
use crate::words::shown::shown;

/// An object that commands can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NamedObject<'a> {
    /// Its number.
    pub id: ObjectId,
    /// Its name, if it has one.
    pub name: Option<&'a str>,
    /// Its length in pages.
    pub pages: u32,
}

/// The objects and disks there are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names<'a> {
    /// The objects, in the order they are to be offered.
    pub objects: Vec<NamedObject<'a>>,
    /// The disks that are switched on.
    pub disks: Vec<DeviceId>,
}

impl<'a> Names<'a> {
    /// Those of a machine.
    pub fn of(model: &'a Model) -> Names<'a> {
        let living = model.objects.values().filter(|object| !object.dead);
        let named = living.map(|object| NamedObject {
            id: object.id,
            name: model.name(object.id),
            pages: object.size,
        });
        Names {
            objects: named.collect(),
            disks: model.slots.iter().flatten().map(|disk| disk.id).collect(),
        }
    }

    pub(crate) fn by_id(&self, id: ObjectId) -> Option<NamedObject<'a>> {
        self.objects.iter().copied().find(|object| object.id == id)
    }

    /// Of several with that name, the first.
    pub(crate) fn by_name(&self, name: &str) -> Option<NamedObject<'a>> {
        let mut objects = self.objects.iter().copied();
        objects.find(|object| object.name == Some(name))
    }

    /// Of a name, `object 3` or `3`.
    #[cfg(feature = "lesson")]
    pub(crate) fn by_text(&self, text: &str) -> Option<NamedObject<'a>> {
        let by_number = || {
            let number = text.strip_prefix("object ").unwrap_or(text);
            self.by_id(ObjectId(number.parse().ok()?))
        };
        self.by_name(text).or_else(by_number)
    }

    /// The objects for a message: `heap (1), stack (2), object 3`.
    pub(crate) fn list(&self) -> String {
        const MOST: usize = 8;
        let mut list = String::new();
        for object in self.objects.iter().take(MOST) {
            if !list.is_empty() {
                list.push_str(", ");
            }
            match object.name {
                Some(name) => {
                    list.push_str(&shown(name));
                    list.push_str(" (");
                    list.push_str(&object.id.0.to_string());
                    list.push(')');
                }
                None => list.push_str(&object.id.to_string()),
            }
        }
        if self.objects.len() > MOST {
            list.push_str(" and more");
        }
        list
    }
}

/// The candidate a mistyped word is nearest to, if it is near enough to be meant.
pub(crate) fn nearest<'a>(
    word: &str,
    candidates: impl Iterator<Item = &'a str>,
) -> Option<&'a str> {
    let allowed = match word.chars().count() {
        0..=1 => return None,
        2..=4 => 1,
        _ => 2,
    };
    let near = candidates.map(|candidate| (distance(word, candidate), candidate));
    let best = near.min_by_key(|(distance, _)| *distance)?;
    (best.0 <= allowed).then_some(best.1)
}

/// Letters to add, drop or change to make one word of the other; long words are not compared.
fn distance(a: &str, b: &str) -> usize {
    const LONGEST: usize = 40;
    let b: Vec<char> = b.chars().map(|c| c.to_ascii_lowercase()).collect();
    if a.len() > LONGEST || b.len() > LONGEST {
        return usize::MAX;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().map(|c| c.to_ascii_lowercase()).enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, &to) in b.iter().enumerate() {
            let changed = diagonal + usize::from(from != to);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}
