//! The program. The page's script starts what it wants of it: see `embed`.

fn main() {
    // What is exported from the library is to be linked in.
    let _ = swap_playground::embed::Playground::new;
}
