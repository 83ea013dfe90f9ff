//! The example that teachers read.

use std::fs;
use std::path::Path;

use swap_pager::lesson::{Lesson, check_for};

#[test]
fn the_example_for_teachers_is_a_lesson() -> Result<(), Box<dyn std::error::Error>> {
    let readme =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../www/lessons/README.md"))?;
    let (_, rest) = readme.split_once("```toml\n").ok_or("an example")?;
    let (example, _) = rest.split_once("```").ok_or("an end of the example")?;
    let toml = example.replace("[[step]]\n...\n", "");
    assert_eq!(check_for("example.toml", &toml, 30), []);
    let lesson = Lesson::read("example.toml", &toml, 0).map_err(|errors| errors[0].clone())?;
    assert_eq!(lesson.questions().count(), 1);
    Ok(())
}
