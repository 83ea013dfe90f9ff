//! The types of the package in TypeScript are those in Rust: read from the sources, with all that is said
//! about them, and written as `package/types.d.ts`. To write them anew:
//!
//! ```sh
//! UPDATE_TYPES=1 cargo test -p swap-pager-js --test types
//! ```

mod source;
mod write;

use std::path::Path;
use std::{env, fs, io};

use source::Source;
use write::Writer;

/// What the API hands over or takes. All that these have in them comes along.
const ROOTS: [&str; 7] = [
    "Config",
    "Command",
    "OpResult",
    "Event",
    "Snapshot",
    "BlistImage",
    "Code",
];

#[test]
fn the_types_in_typescript_are_those_in_rust() -> io::Result<()> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let source = Source::read(&[&here.join("../../core/src"), &here.join("src")])?;
    let written = Writer::new(&source).write(&ROOTS);
    let file = here.join("package/types.d.ts");
    if env::var_os("UPDATE_TYPES").is_some() {
        fs::write(&file, &written)?;
    }
    let committed = fs::read_to_string(&file)?;
    let differ = committed
        .lines()
        .zip(written.lines())
        .position(|(a, b)| a != b);
    assert!(
        committed == written,
        "{} is out of date, at line {}. Write it anew: UPDATE_TYPES=1 cargo test -p swap-pager-js --test types",
        file.display(),
        differ.unwrap_or(0) + 1,
    );
    Ok(())
}
