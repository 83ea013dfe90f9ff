# shellcheck shell=bash
# shellcheck disable=SC2034 # used by the files that read this one
# Shared by the scripts of pkg-scripts: places, pinned versions, printing.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
TOOLS=$ROOT/.tools
LOGS=$TOOLS/logs

TRUNK_VERSION=0.21.14
# Of the same time as the crate wasm_split_helpers in web/Cargo.toml.
WASM_SPLIT_VERSION=0.2.4
NODE_MAJOR=20
WASM_TARGET=wasm32-unknown-unknown

# Read from the files that decide, so that the scripts cannot drift from them.
RUST_VERSION=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' "$ROOT/Cargo.toml")
WASM_BINDGEN_VERSION=$(awk -F'"' '/^name = "wasm-bindgen"$/ { getline; print $2; exit }' "$ROOT/Cargo.lock")

# First the tools of this checkout, then whatever the person has.
PATH=$TOOLS/cargo/bin:$ROOT/node_modules/.bin:$PATH
export PATH

say() { printf '%s\n' "$@"; }

die() {
    printf 'error: %s\n' "$1" >&2
    shift
    if [ $# -gt 0 ]; then printf '%s\n' "$@" >&2; fi
    exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

duration() {
    if [ "$1" -lt 60 ]; then printf '%d s' "$1"; else printf '%d min %d s' $(($1 / 60)) $(($1 % 60)); fi
}

# version_at_least HAVE WANTED
version_at_least() {
    [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | sed -n 1p)" = "$2" ]
}

# The first number with a dot in it that a tool prints about itself, or nothing.
version_of() {
    { "$@" 2>/dev/null </dev/null || true; } | sed -n 's/^[^0-9]*\([0-9][0-9.]*\).*/\1/p' | sed -n 1p
}

# logged LOG COMMAND...: the output goes to a log file.
logged() {
    local log=$LOGS/$1.log
    shift
    mkdir -p "$LOGS"
    "$@" >"$log" 2>&1 </dev/null
}

# The same, and the end of the log is shown when the command fails.
quietly() {
    local status=0
    logged "$@" || status=$?
    if [ "$status" -ne 0 ]; then
        printf 'this failed: %s\nthe end of %s:\n' "${*:2}" "$LOGS/$1.log" >&2
        tail -n 25 "$LOGS/$1.log" >&2
    fi
    return "$status"
}

# limited SECONDS COMMAND...: not every system has `timeout`; without it, wait as long as it takes.
limited() {
    local seconds=$1
    shift
    if have timeout; then timeout "$seconds" "$@"; else "$@"; fi
}

# Numbered steps: each calls `there`, or `begin` and `finish`.
run_steps() {
    STEPS=$#
    STEP=0
    local step
    for step in "$@"; do
        STEP=$((STEP + 1))
        "$step"
    done
}

there() { printf '[%d/%d] %s: there already\n' "$STEP" "$STEPS" "$1"; }

begin() {
    STEP_STARTED=$SECONDS
    printf '[%d/%d] %s, %s\n' "$STEP" "$STEPS" "$1" "$2"
}

finish() { printf '      done in %s\n' "$(duration $((SECONDS - STEP_STARTED)))"; }
