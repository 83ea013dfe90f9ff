//! How long the op mixes of the core take as WebAssembly: `pkg-scripts/bench wasm` runs this.
#![cfg(target_family = "wasm")]

use swap_pager::mix::best_times;
use wasm_bindgen_test::{console_log, wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
#[ignore = "it measures and takes a while"]
fn times() {
    let clock = gloo::utils::window()
        .performance()
        .expect("every browser has this clock");
    for (mix, time) in best_times(&|| clock.now()) {
        assert!(time.is_finite());
        console_log!("nanoseconds an op as WebAssembly: {mix} {time:.1}");
    }
}
