# shellcheck shell=bash
# What the tools are, how to see whether they are there, and how to install them.

MISSING=()         # what a person has to install, in words
DEBIAN_PACKAGES=() # what apt-get is to install

need() {
    MISSING+=("$1")
    shift
    DEBIAN_PACKAGES+=("$@")
}

c_compiler_works() {
    have cc || return 1
    mkdir -p "$TOOLS"
    local out=$TOOLS/cc-works status=0
    printf '#include <stdlib.h>\nint main(void) { return EXIT_SUCCESS; }\n' | cc -x c -o "$out" - 2>/dev/null || status=1
    rm -f "$out"
    return "$status"
}

# The driver must be of the browser's major version.
browser_works() {
    local driver browser
    driver=$(version_of chromedriver --version)
    for browser in chromium chromium-browser google-chrome google-chrome-stable; do
        if have "$browser"; then
            browser=$(version_of "$browser" --version)
            [ -n "$driver" ] && [ "${browser%%.*}" = "${driver%%.*}" ]
            return
        fi
    done
    return 1
}

# Looks at everything before anything is changed, and stops when a person has to do something first.
preflight() {
    local hard=()
    if ! have cargo || ! have rustc; then
        hard+=("Rust $RUST_VERSION or newer, best with rustup: https://rustup.rs")
    elif ! version_at_least "$(version_of rustc --version)" "$RUST_VERSION"; then
        hard+=("Rust $RUST_VERSION or newer (found: $(version_of rustc --version)); with rustup, type: rustup update stable")
    fi
    if wants site; then
        if ! have node || ! have npm; then
            hard+=("Node.js $NODE_MAJOR or newer with npm: https://nodejs.org")
        elif ! version_at_least "$(version_of node --version)" "$NODE_MAJOR"; then
            hard+=("Node.js $NODE_MAJOR or newer with npm (found: $(version_of node --version)): https://nodejs.org")
        fi
    fi
    c_compiler_works || need "a C compiler (gcc or clang, to be had as cc) with the C library's headers" gcc libc6-dev
    if wants browser && ! browser_works; then
        need "Chromium or Chrome, and chromedriver of the same major version" chromium chromium-driver
    fi
    if wants hosts && ! python_works; then
        need "Python $PYTHON_VERSION or newer, to be had as python3, with its module venv" python3 python3-venv
    fi
    if wants engines; then
        firefox_works || need "Firefox" firefox-esr
        webkit_works || need "WebKitGTK's MiniBrowser and WebKitWebDriver, and Xvfb" webkit2gtk-driver xvfb
    fi
    local by_hand=() hint=""
    if ! have apt-get; then
        by_hand=(${MISSING[@]+"${MISSING[@]}"})
        if wants wasm && have rustc && ! wasm_std_installed && ! have rustup; then
            by_hand+=("Rust's standard library for $WASM_TARGET")
        fi
    elif [ ${#DEBIAN_PACKAGES[@]} -gt 0 ] && ! can_install; then
        by_hand=("${MISSING[@]}")
        hint="For what Debian has, type as root: apt-get install ${DEBIAN_PACKAGES[*]}"
    fi
    if [ ${#hard[@]} -gt 0 ] || [ ${#by_hand[@]} -gt 0 ]; then
        die "this system lacks some things that have to be installed by hand. Nothing was changed." \
            "Please install these, then start this script again:" \
            ${hard[@]+"${hard[@]/#/  - }"} ${by_hand[@]+"${by_hand[@]/#/  - }"} ${hint:+"$hint"}
    fi
}

can_install() { [ "$(id -u)" -eq 0 ] || have sudo; }

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

# apt_install LOG PACKAGE...: never removes a package; false when a package cannot be had.
apt_install() {
    local log=$1 package
    shift
    can_install || return 1
    quietly "$log-update" as_root apt-get update || return 1
    for package in "$@"; do
        # Not grep -q: it would leave early, and apt-cache would fail for want of a reader.
        if ! apt-cache policy "$package" | grep 'Candidate: [^(]' >/dev/null; then
            say "      this system's package registry has no $package"
            return 1
        fi
    done
    quietly "$log" as_root env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends \
        --no-remove -o DPkg::Lock::Timeout=300 "$@"
}

step_packages() {
    local what="C compiler"
    if wants browser; then what="C compiler, Chromium, chromedriver"; fi
    if wants hosts; then what="$what, Python"; fi
    if wants engines; then what="$what, Firefox, WebKitGTK"; fi
    if [ ${#DEBIAN_PACKAGES[@]} -eq 0 ]; then
        there "$what"
        return
    fi
    begin "Debian packages ${DEBIAN_PACKAGES[*]}" "about 1 minute, once"
    apt_install packages "${DEBIAN_PACKAGES[@]}" ||
        die "apt-get could not install: ${DEBIAN_PACKAGES[*]}" "Please install these, then start this script again:" \
            "${MISSING[@]/#/  - }"
    finish
}

step_rust_components() {
    if cargo fmt --version >/dev/null 2>&1 && cargo clippy --version >/dev/null 2>&1; then
        there "rustfmt and clippy"
        return
    fi
    begin "rustfmt and clippy" "a few seconds, once"
    { have rustup && quietly rustup-components limited 120 rustup component add rustfmt clippy; } ||
        die "rustfmt and clippy are missing. With rustup, type: rustup component add rustfmt clippy"
    finish
}

# What package-lock.json names, in exactly those versions.
step_npm() {
    local what="wasm-opt, a file server and axe-core, from npm"
    # npm writes this file last; it is newer than the lock only after a complete installation of it.
    if [ "$ROOT/node_modules/.package-lock.json" -nt "$ROOT/package-lock.json" ]; then
        there "$what"
        return
    fi
    begin "$what" "about 10 seconds, once"
    quietly npm npm ci --no-audit --no-fund || die "npm could not install the tools in package-lock.json"
    touch "$ROOT/node_modules/.package-lock.json"
    finish
}

# cargo_tool CRATE VERSION OPT_LEVEL OPTION...: built for a short build, not for a fast tool.
cargo_tool() {
    local crate=$1 version=$2 opt_level=$3
    shift 3
    quietly "$crate" env CARGO_PROFILE_RELEASE_OPT_LEVEL="$opt_level" CARGO_PROFILE_RELEASE_LTO=off \
        CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_DEBUG=false CARGO_PROFILE_RELEASE_STRIP=debuginfo \
        cargo install --locked --root "$TOOLS/cargo" "$@" "$crate" --version "$version" ||
        die "$crate $version could not be built"
}

step_wasm_bindgen() {
    if [ "$(version_of wasm-bindgen --version)" = "$WASM_BINDGEN_VERSION" ] &&
        [ "$(version_of wasm-bindgen-test-runner --version)" = "$WASM_BINDGEN_VERSION" ]; then
        there "wasm-bindgen $WASM_BINDGEN_VERSION"
        return
    fi
    begin "building wasm-bindgen $WASM_BINDGEN_VERSION" "about 2 minutes, once"
    cargo_tool wasm-bindgen-cli "$WASM_BINDGEN_VERSION" 1
    finish
}

# What takes the program apart; it says no version of itself.
step_wasm_split() {
    local name="wasm-split $WASM_SPLIT_VERSION"
    if have wasm-split-cli && grep -qs "wasm_split_cli_support $WASM_SPLIT_VERSION " "$TOOLS/cargo/.crates.toml"; then
        there "$name"
        return
    fi
    begin "building $name" "about 1 minute, once"
    cargo_tool wasm_split_cli_support "$WASM_SPLIT_VERSION" 1 --features build-binary
    finish
}

step_trunk() {
    local found
    found=$(version_of trunk --version)
    if [ "${found%.*}" = "${TRUNK_VERSION%.*}" ]; then
        there "trunk $found"
        return
    fi
    begin "building trunk $TRUNK_VERSION" "about 3 minutes, once"
    # Its default features are for downloading tools, which is never asked of it here.
    cargo_tool trunk "$TRUNK_VERSION" 0 --no-default-features
    finish
}
