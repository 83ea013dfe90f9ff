# shellcheck shell=bash
# The npm package swap-pager. Needs setup.

PACKAGE_FILES=$ROOT/web/npm/package

# Builds target/npm and target/npm.tgz, looks that nothing strays into it, and prints what is in it.
pack() {
    local out=$ROOT/target/npm name=swap_pager
    local built=${CARGO_TARGET_DIR:-$ROOT/target}/$WASM_TARGET/wasm-release/swap_pager_js.wasm
    rm -rf "$out" "$out.tgz"
    mkdir -p "$out/wasm"
    # Of the same compiler as the site, wherever its target directory is.
    if [ "$WASM_WAY" = debian ]; then built=$ROOT/target/debian/$WASM_TARGET/wasm-release/swap_pager_js.wasm; fi
    wasm_env cargo build --quiet --locked -p swap-pager-js --profile wasm-release --target "$WASM_TARGET"
    wasm-bindgen --target web --no-typescript --out-dir "$out/wasm" --out-name "$name" "$built"
    optimise_wasm "$out/wasm/${name}_bg.wasm"
    cp "$PACKAGE_FILES"/*.js "$PACKAGE_FILES"/*.d.ts "$PACKAGE_FILES/README.md" "$ROOT"/LICENSE-* "$ROOT/NOTICE" "$out"
    # The version is that of the crates.
    sed "s/\"version\": \"0.0.0\"/\"version\": \"$(package_version)\"/" "$PACKAGE_FILES/package.json" >"$out/package.json"
    pack_archive "$out"
}

package_version() { sed -n '/^\[workspace.package\]/,/^\[/ s/^version = "\(.*\)"/\1/p' "$ROOT/Cargo.toml"; }

# pack_archive DIRECTORY: npm decides what is in the archive; it has to be what is in the directory, and that
# has to be what package.json lists.
pack_archive() {
    local packed=$1.packed
    rm -rf "$packed"
    mkdir -p "$packed"
    (cd "$1" && npm pack --silent --ignore-scripts --pack-destination "$packed" >/dev/null)
    mv "$packed"/swap-pager-*.tgz "$1.tgz"
    rmdir "$packed"
    local listed there archived
    listed=$(cd "$1" && node -p '[...require("./package.json").files, "package.json", "README.md"].sort().join("\n")')
    there=$(cd "$1" && find . -type f | sed 's|^\./||' | LC_ALL=C sort)
    archived=$(tar -tzf "$1.tgz" | sed 's|^package/||' | LC_ALL=C sort)
    if [ "$listed" != "$there" ] || [ "$listed" != "$archived" ]; then
        diff <(printf '%s\n' "$listed") <(printf '%s\n' "$there") >&2 || true
        diff <(printf '%s\n' "$listed") <(printf '%s\n' "$archived") >&2 || true
        die "the package is not what package.json lists: < is listed, > is there or in the archive"
    fi
    say "" "The npm package swap-pager $(package_version)"
    # shellcheck disable=SC2086 # one file a word
    (cd "$1" && node -e '
        const { readFileSync } = require("node:fs");
        const { brotliCompressSync } = require("node:zlib");
        for (const file of process.argv.slice(1)) {
            const bytes = readFileSync(file);
            const sent = brotliCompressSync(bytes).length;
            console.log(file.padEnd(26), String(bytes.length).padStart(8), String(sent).padStart(8), "with brotli");
        }' $there)
    say "$(wc -c <"$1.tgz" | tr -d ' ') bytes as ${1#"$ROOT/"}.tgz"
}

# Installs the archive in a folder as a user would, with tsc and Vite. Those are kept from one run to the next.
pack_install() {
    local source=$ROOT/web/npm/test folder=$ROOT/target/npm-test
    mkdir -p "$folder"
    if ! cmp -s "$source/package-lock.json" "$folder/node_modules/.of-lock"; then
        cp "$source/package.json" "$source/package-lock.json" "$folder"
        quietly npm-pack npm ci --prefix "$folder" --ignore-scripts --no-audit --no-fund
        cp "$source/package-lock.json" "$folder/node_modules/.of-lock"
    fi
    # Nothing of an earlier run; the package comes from the archive alone and has no dependencies.
    find "$folder" -mindepth 1 -maxdepth 1 ! -name node_modules -exec rm -rf {} +
    rm -rf "$folder/node_modules/swap-pager"
    cp "$source"/* "$folder"
    quietly npm-pack-install npm install --prefix "$folder" --no-save --ignore-scripts --no-audit --no-fund "$ROOT/target/npm.tgz"
}

# What the package promises: its types, and the same program in Node, in a page without bundler, and in pages
# that Vite built and serves. The program is web/npm/test/program.ts.
pack_check() {
    local folder=$ROOT/target/npm-test bin=$ROOT/target/npm-test/node_modules/.bin
    say "" "tsc --strict"
    "$bin/tsc" --project "$folder"
    say "In Node"
    node "$folder/built/node.js" "$folder/values.ts"
    "$bin/tsc" --project "$folder/tsconfig.values.json"
    say "ok  what the machine handed over is of the types that it should be"
    (cd "$folder" && "$bin/vite" build --logLevel warn)
    serve_site "$folder" 0
    start_server vite '127\.0\.0\.1:\([0-9]*\)' env NO_COLOR=1 "$bin/vite" "$folder" --host 127.0.0.1 --port 0
    local vite=$FOUND
    start_chromedriver
    say "In Chromium: without a bundler, built by Vite, and from Vite's development server"
    WEBDRIVER_URL=http://127.0.0.1:$CHROMEDRIVER_PORT node "$ROOT/pkg-scripts/lib/pages.mjs" \
        "http://127.0.0.1:$SITE_PORT/plain.html" "http://127.0.0.1:$SITE_PORT/dist/bundled.html" \
        "http://127.0.0.1:$vite/bundled.html"
}
