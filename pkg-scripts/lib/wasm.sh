# shellcheck shell=bash
# The standard library for WebAssembly, from the first of three places that has it, and the
# environment that every WebAssembly build runs in.

# The person's toolchain has it: decided by looking at the files, since not every toolchain is rustup's.
wasm_std_installed() {
    local dir
    dir=$(rustc --print target-libdir --target "$WASM_TARGET" 2>/dev/null) || return 1
    compgen -G "$dir/libstd-*.rlib" >/dev/null
}

# Debian has no such library for its newest Rust, but the parts to build it with. The linker's package
# carries LLVM's version in its name: take the version that Debian's Rust is built with.
debian_rust_packages() {
    local llvm
    llvm=$(apt-cache depends rust-web-llvm 2>/dev/null | sed -n 's/^ *Depends: llvm-\([0-9]*\)$/\1/p' | sed -n 1p)
    printf '%s\n' rustc-web cargo-web rust-web-src rust-web-llvm rust-web-clippy "lld${llvm:+-$llvm}"
}

debian_rust_installed() {
    have dpkg-query && have apt-cache || return 1
    # shellcheck disable=SC2046 # one package name a word
    [ "$(dpkg-query -W -f='${db:Status-Status}\n' $(debian_rust_packages) 2>/dev/null | sort | uniq -c | awk '{ print $1 $2 }')" \
        = "$(debian_rust_packages | wc -l | tr -d ' ')installed" ]
}

# Only Debian's compiler goes in front of the PATH, by links: the rest of /usr/bin stays where it is.
use_debian_rust() {
    WASM_WAY=debian
    mkdir -p "$TOOLS/debian-rust"
    local tool
    for tool in cargo rustc rustdoc cargo-clippy clippy-driver; do
        ln -sfn "/usr/bin/$tool" "$TOOLS/debian-rust/$tool"
    done
}

install_debian_rust() {
    # shellcheck disable=SC2046 # one package name a word
    apt_install debian-rust $(debian_rust_packages) || return 1
    version_at_least "$(version_of /usr/bin/rustc --version)" "$RUST_VERSION"
}

step_wasm_target() {
    WASM_WAY=own
    local what="Rust's standard library for $WASM_TARGET"
    if wasm_std_installed; then
        there "$what"
    elif debian_rust_installed; then
        use_debian_rust
        there "$what (built from Debian's source)"
    else
        begin "$what" "a few seconds, once"
        if have rustup && logged rustup-target limited 60 rustup target add "$WASM_TARGET" && wasm_std_installed; then
            finish
            return
        fi
        say "      rustup could not install it ($LOGS/rustup-target.log)" \
            "      installing Debian's Rust for the WebAssembly builds, about 1 minute, once"
        if ! have apt-get || ! install_debian_rust; then
            die "the Rust target $WASM_TARGET could not be installed." \
                "Where rustup's server can be reached, type: rustup target add $WASM_TARGET"
        fi
        use_debian_rust
        finish
    fi
}

# wasm_env COMMAND...: runs trunk or a cargo that builds for WebAssembly.
wasm_env() (
    # Of these two variables trunk understands only "true". It is not told to be offline: that would go for
    # cargo too, which may have crates to fetch. It takes its tools from the PATH, where their versions fit.
    export TRUNK_SKIP_VERSION_CHECK=true
    if [ -n "${NO_COLOR:-}" ]; then export NO_COLOR=true; else unset NO_COLOR; fi
    if [ "$WASM_WAY" = debian ]; then
        PATH=$TOOLS/debian-rust:$PATH
        # A directory of its own: artifacts of two compilers would replace each other at every build.
        export CARGO_TARGET_DIR=$ROOT/target/debian
        # A stable compiler builds std only when told to.
        export RUSTC_BOOTSTRAP=1 CARGO_UNSTABLE_BUILD_STD=std,panic_abort
    fi
    "$@"
)

# What the release is made small with has its source compiled in: without the texts of panics, which end in the page's own
# message, and the places they come from.
rust_source_installed() { [ -f "$(rustc --print sysroot)/lib/rustlib/src/rust/library/std/src/lib.rs" ]; }

step_rust_source() {
    local what="the source of Rust's standard library"
    if [ "$WASM_WAY" = debian ] || rust_source_installed; then
        there "$what"
        return
    fi
    begin "$what" "a few seconds, once"
    if have rustup && logged rust-source limited 60 rustup component add rust-src && rust_source_installed; then
        finish
        return
    fi
    say "      rustup could not install it ($LOGS/rust-source.log)" \
        "      installing Debian's Rust for the WebAssembly builds, about 1 minute, once"
    if ! have apt-get || ! install_debian_rust; then
        die "$what could not be installed." \
            "Where rustup's server can be reached, type: rustup component add rust-src"
    fi
    use_debian_rust
    finish
}

# build_site ARGUMENT...: the release site, by trunk. In a target directory of its own, since its flags are no other
# build's. What the linker tells of the program's inner structure is for what takes it apart.
build_site() {
    local target=$ROOT/target/site
    if [ "$WASM_WAY" = debian ]; then target=$ROOT/target/debian-site; fi
    wasm_env site_env "$target" trunk build --release --locked --features split "$@"
}

site_env() {
    export CARGO_TARGET_DIR=$1
    shift
    export SWAP_PLAYGROUND_PROGRAM=$CARGO_TARGET_DIR/$WASM_TARGET/wasm-release/swap-playground.wasm
    export RUSTC_BOOTSTRAP=1 CARGO_UNSTABLE_BUILD_STD=std,panic_abort
    export RUSTFLAGS="-Clink-arg=--emit-relocs -Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none -Zshare-generics=yes"
    exec "$@"
}

# optimise_wasm FILE: in its place, with the options of the release.
optimise_wasm() {
    local -a optimise
    read -ra optimise < <(node --input-type=module -e 'console.log((await import(process.argv[1])).OPTIMISE.join(" "))' "$ROOT/pkg-scripts/lib/program.mjs")
    wasm-opt "$1" "${optimise[@]}" -o "$1.small"
    mv "$1.small" "$1"
}
