# shellcheck shell=bash
# Firefox and WebKitGTK for the end-to-end tests, beside Chromium. Needs setup, serve.sh and site.sh.

GECKODRIVER_VERSION=0.37.1
ENGINES=(firefox webkit)

# The paths that readers take: test file and test. They are those that run in Chromium.
ENGINE_TESTS=(
    start::the_first_visit_offers_a_demonstration
    start::the_demonstration_ends_with_pages_on_four_disks
    start::clear_all_leads_back_to_the_beginning
    restore::text_that_was_written_is_there_again
    time::steps_lead_back_to_what_was_seen_and_on_again
    session_file::a_saved_session_comes_back_whole
    embed::a_page_gives_commands_and_hears_what_happens
    offline::it_works_without_a_network_after_the_first_visit
    two_tabs::the_disks_are_handed_over_in_the_middle_of_a_pageout_and_back
)
# WebKitGTK's driver makes windows smaller than a test asks for, so that words are left out, and keeps to the page's
# policy where axe-core is put in.
FIREFOX_TESTS=(
    links::a_link_shows_the_same_and_leaves_ones_own_session_alone
    two_tabs::a_second_tab_goes_on_in_memory_if_that_is_wanted
)

# WebKitGTK's small browser lies in a folder that depends on the machine and its version.
webkit_browser() {
    local place
    for place in /usr/lib/*/webkit2gtk-4.1/MiniBrowser /usr/lib/*/webkit2gtk-4.0/MiniBrowser /usr/libexec/webkit2gtk-4.1/MiniBrowser; do
        if [ -x "$place" ]; then
            printf '%s\n' "$place"
            return
        fi
    done
    return 1
}

firefox_works() { have firefox-esr || have firefox; }

webkit_works() { have WebKitWebDriver && webkit_browser >/dev/null && have Xvfb; }

step_geckodriver() {
    if [ "$(version_of geckodriver --version)" = "$GECKODRIVER_VERSION" ]; then
        there "geckodriver $GECKODRIVER_VERSION"
        return
    fi
    begin "building geckodriver $GECKODRIVER_VERSION" "about 2 minutes, once"
    cargo_tool geckodriver "$GECKODRIVER_VERSION" 0
    finish
}

start_firefox_driver() {
    start_server geckodriver 'Listening on 127\.0\.0\.1:\([0-9]*\)' geckodriver --port 0
    WEBDRIVER_URL=http://127.0.0.1:$FOUND
}

# WebKitGTK needs a screen, and its driver doesn't say which port it took.
start_webkit_driver() {
    local port
    # shellcheck disable=SC2016 # the number is a variable of the inner shell
    start_server xvfb 'display \([0-9]*\)' bash -c '
        Xvfb -displayfd 1 -screen 0 1600x1200x24 -nolisten tcp |
            while read -r number; do echo "display $number"; done'
    export DISPLAY=:$FOUND
    port=$(node -e 'const server = require("node:net").createServer().listen(0, "127.0.0.1", () => {
        console.log(server.address().port);
        server.close();
    });')
    # shellcheck disable=SC2016 # the port is an argument of the inner shell
    start_server webkitwebdriver '\(answers\)' bash -c '
        WebKitWebDriver --port="$1" &
        until (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; do sleep 0.1; done
        echo answers
        wait' webkitwebdriver "$port"
    WEBDRIVER_URL=http://127.0.0.1:$port
}

# test_engine ENGINE: these drivers have one browser at a time.
test_engine() {
    local test tests=("${ENGINE_TESTS[@]}") targets=() names=()
    if [ "$1" = firefox ]; then tests+=("${FIREFOX_TESTS[@]}"); fi
    for test in "${tests[@]}"; do
        targets+=("--test=${test%%::*}")
        names+=("${test#*::}")
    done
    "start_$1_driver"
    SWAP_PLAYGROUND_ENGINE=$1 SWAP_PLAYGROUND_WEBKIT=$(webkit_browser) WEBDRIVER_URL=$WEBDRIVER_URL \
        cargo test --locked --no-fail-fast -p swap-playground-e2e "${targets[@]}" -- --test-threads=1 --exact "${names[@]}"
}
