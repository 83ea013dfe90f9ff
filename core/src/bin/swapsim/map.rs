//! The swap space in letters: a row a stripe, a column a disk.

use swap_pager::Model;
use swap_pager::stripe::Interleave;
use swap_pager::units::{DMMAX, DeviceBlock, ObjectId, SlotId};
use swap_pager::words::numbers::count;

const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/// Shorter runs of rows that are the same are shown.
const FOLD: usize = 3;

/// Writes the map of a machine.
pub fn write(model: &Model, out: &mut String) {
    let disks: Vec<SlotId> = (0..model.slots.len() as u32)
        .map(SlotId)
        .filter(|slot| model.slots[slot.0 as usize].is_some())
        .collect();
    if disks.is_empty() {
        out.push_str("No disk is on.\n");
        return;
    }
    let mut objects: Vec<ObjectId> = Vec::new();
    for (object, _) in model.owners.iter().flatten() {
        if !objects.contains(object) {
            objects.push(*object);
        }
    }
    objects.sort_unstable();
    let pages = |slot: &SlotId| model.slots[slot.0 as usize].map_or(0, |disk| disk.pages);
    let stripes = disks.iter().map(pages).max().unwrap_or(0).div_ceil(DMMAX);
    out.push_str("   block");
    for slot in &disks {
        let id = model.slots[slot.0 as usize].map_or(String::new(), |disk| disk.id.to_string());
        out.push_str(&format!("  {id:<32}"));
    }
    end_line(out);
    let rows: Vec<String> = (0..stripes)
        .map(|row| row_of(model, &disks, &objects, row))
        .collect();
    let mut row = 0;
    while row < rows.len() {
        let same = rows[row..]
            .iter()
            .take_while(|other| **other == rows[row])
            .count();
        let shown = if same > FOLD { 1 } else { same };
        for (n, text) in rows.iter().enumerate().skip(row).take(shown) {
            let first = n as u64 * u64::from(DMMAX) * model.slots.len() as u64;
            out.push_str(&format!("{first:>8}{text}"));
            end_line(out);
        }
        if shown < same {
            out.push_str(&format!(
                "          {} more like this\n",
                count((same - shown) as u64, "row")
            ));
        }
        row += same;
    }
    legend(model, &objects, out);
}

fn row_of(model: &Model, disks: &[SlotId], objects: &[ObjectId], row: u32) -> String {
    let interleave = Interleave::new(model.slots.len() as u32);
    let mut text = String::new();
    for slot in disks {
        let pages = model.slots[slot.0 as usize].map_or(0, |disk| disk.pages);
        let first = interleave.swap_block(*slot, DeviceBlock(row * DMMAX)).0;
        let free = model.blist.as_ref().map_or(0, |image| image.leaf(first));
        text.push_str("  ");
        for n in 0..DMMAX {
            let owner = model.owners.get((first + n) as usize).copied().flatten();
            text.push(match owner {
                Some((object, _)) => letter(objects, object),
                None if row * DMMAX + n >= pages => ' ',
                None if row == 0 => '#',
                None if free >> n & 1 == 1 => '.',
                None => '?',
            });
        }
    }
    text
}

fn letter(objects: &[ObjectId], object: ObjectId) -> char {
    let place = objects.iter().position(|one| *one == object);
    let letter = place.and_then(|place| LETTERS.get(place));
    letter.map_or('+', |letter| char::from(*letter))
}

fn legend(model: &Model, objects: &[ObjectId], out: &mut String) {
    for object in objects.iter().take(LETTERS.len()) {
        let name = model
            .name(*object)
            .map_or(object.to_string(), str::to_owned);
        let held = model
            .owners
            .iter()
            .flatten()
            .filter(|owner| owner.0 == *object)
            .count();
        let held = count(held as u64, "block");
        out.push_str(&format!("{} {name}: {held}\n", letter(objects, *object)));
    }
    if objects.len() > LETTERS.len() {
        out.push_str("+ other objects\n");
    }
    out.push_str("# kept for the label  . free  ? neither free nor a page's\n");
    out.push_str(&format!("{} free\n", count(model.free, "block")));
}

/// No line ends in spaces.
fn end_line(out: &mut String) {
    out.truncate(out.trim_end_matches(' ').len());
    out.push('\n');
}
