# shellcheck shell=bash
# The release site and a chromedriver, for tests that drive the page from outside. Needs setup and
# serve.sh.

# Built and started once, however many parts of a run want it.
site_and_driver() {
    if [ -n "${SWAP_PLAYGROUND_URL:-}" ]; then return; fi
    # Not dist/: a pkg-scripts/run that serves it is left in peace.
    build_site --dist target/e2e-site
    serve_site "$ROOT/target/e2e-site" 0
    start_chromedriver
    export SWAP_PLAYGROUND_URL=http://127.0.0.1:$SITE_PORT/ SWAP_PLAYGROUND_SITE=$ROOT/target/e2e-site
    export WEBDRIVER_URL=http://127.0.0.1:$CHROMEDRIVER_PORT
}

# kill_rounds ROUNDS SEED: with both durabilities.
kill_rounds() {
    local durability
    cargo build --quiet --locked -p swap-playground-e2e --bin kill_test
    for durability in relaxed strict; do
        cargo run --quiet --locked -p swap-playground-e2e --bin kill_test -- "$1" "$2" "$durability"
    done
}
