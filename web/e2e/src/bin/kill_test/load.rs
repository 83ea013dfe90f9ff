//! What is done in the page until it is killed.

use serde_json::{Value, json};
use swap_pager::Model;
use swap_pager::random::Random;
use swap_playground_e2e::{Page, Result};

/// The objects: their names, and how many pages each has.
pub const OBJECTS: [&str; 2] = ["heap", "stack"];
const PAGES: u32 = 256;
const DISKS: u32 = 4;
/// Small ones, so that blocks are used again and again.
const DISK_PAGES: u32 = 256;
/// More commands than a browser lives to see.
const COMMANDS: usize = 400;

/// Begins to type commands into the page, and returns at once.
///
/// # Errors
/// When the page isn't there.
pub async fn begin(page: &Page, model: &Model, random: &mut Random) -> Result {
    if page.count("start-empty").await? > 0 {
        page.start_empty().await?;
    }
    let mut commands: Vec<Value> = Vec::new();
    for disk in 0..DISKS {
        let mut there = model.slots.iter().flatten();
        if !there.any(|device| device.id.0 == disk) {
            commands.push(json!([0, format!("swapon {disk} {DISK_PAGES}")]));
        }
    }
    for name in OBJECTS.iter().skip(model.objects.len()) {
        commands.push(json!([0, format!("create {name} {PAGES}")]));
    }
    commands.extend((0..COMMANDS).map(|_| {
        // Often without a pause, so that operations overlap.
        let pause = random.below(2) * random.below(20);
        json!([pause, command(random)])
    }));
    page.js(include_str!("load.js"), vec![json!(commands)])
        .await
}

/// A command to the pager.
fn command(random: &mut Random) -> String {
    let name = OBJECTS[random.below(OBJECTS.len() as u32) as usize];
    let start = random.below(PAGES);
    let end = (start + random.below(PAGES)).min(PAGES - 1);
    match random.below(10) {
        0..4 => format!(
            "fill {name} {start}..{end} with label {}",
            random.below(1 << 30)
        ),
        4..8 => format!("pageout {name} {start}..{end}"),
        8 => format!("read {name} {start}..{end}"),
        _ => format!("free {name} {start}..{}", end.min(start + 16)),
    }
}
