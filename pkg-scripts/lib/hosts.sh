# shellcheck shell=bash
# Documentation of others with playgrounds in it: what builds it, and how. Needs setup and site.sh.

HOSTS_SOURCE=$ROOT/www/examples/hosts
MDBOOK_VERSION=0.5.4
# What Sphinx asks for.
PYTHON_VERSION=3.11

# With what makes virtual environments, which Debian has in a package of its own.
python_works() {
    have python3 && version_at_least "$(version_of python3 --version)" "$PYTHON_VERSION" &&
        python3 -c 'import ensurepip, venv' >/dev/null 2>&1
}

step_mdbook() {
    if [ "$(version_of mdbook --version)" = "$MDBOOK_VERSION" ]; then
        there "mdBook $MDBOOK_VERSION"
        return
    fi
    begin "building mdBook $MDBOOK_VERSION" "about 2 minutes, once"
    # Its search has keys of its own; its server is not needed.
    cargo_tool mdbook "$MDBOOK_VERSION" 0 --no-default-features --features search
    finish
}

step_python_tools() {
    local venv=$TOOLS/venv wanted=$HOSTS_SOURCE/requirements.txt
    if cmp -s "$wanted" "$venv/of-requirements.txt"; then
        there "Sphinx and MkDocs"
        return
    fi
    begin "Sphinx and MkDocs, from PyPI" "about 30 seconds, once"
    rm -rf "$venv"
    { quietly venv python3 -m venv "$venv" &&
        quietly pip "$venv/bin/pip" install --disable-pip-version-check --requirement "$wanted"; } ||
        die "pip could not install what $wanted names"
    cp "$wanted" "$venv/of-requirements.txt"
    finish
}

step_docusaurus() {
    local source=$HOSTS_SOURCE/docusaurus folder=$TOOLS/docusaurus
    if cmp -s "$source/package-lock.json" "$folder/node_modules/.of-lock"; then
        there "Docusaurus"
        return
    fi
    begin "Docusaurus, from npm" "about 1 minute, once"
    mkdir -p "$folder"
    cp "$source/package.json" "$source/package-lock.json" "$folder"
    quietly docusaurus npm ci --prefix "$folder" --ignore-scripts --no-audit --no-fund ||
        die "npm could not install Docusaurus"
    cp "$source/package-lock.json" "$folder/node_modules/.of-lock"
    finish
}

# host NAME COMMAND...: builds the documentation, and says how long that took.
host() {
    local name=$1 started=$SECONDS
    shift
    quietly "host-$name" "$@" || die "$name could not build its documentation"
    say "$name: built in $(duration $((SECONDS - started)))"
}

# Builds all of them in target/hosts, beside a copy of the site as it is served.
build_hosts() {
    local out=$ROOT/target/hosts tool=$TOOLS/docusaurus
    rm -rf "$out"
    mkdir -p "$out"
    cp -r "$SWAP_PLAYGROUND_SITE" "$out/playground"
    # Browsers ask for it where a page names none.
    : >"$out/favicon.ico"
    host mdbook mdbook build --dest-dir "$out/mdbook" "$HOSTS_SOURCE/mdbook"
    host sphinx "$TOOLS/venv/bin/sphinx-build" -W -q -d "$out.doctrees" "$HOSTS_SOURCE/sphinx" "$out/sphinx"
    host mkdocs env NO_MKDOCS_2_WARNING=1 "$TOOLS/venv/bin/mkdocs" build --strict --config-file "$HOSTS_SOURCE/mkdocs/mkdocs.yml" --site-dir "$out/mkdocs"
    # It wants its sources beside its packages.
    find "$tool" -mindepth 1 -maxdepth 1 ! -name node_modules -exec rm -rf {} +
    cp -r "$HOSTS_SOURCE/docusaurus/." "$tool"
    (cd "$tool" && host docusaurus env NO_UPDATE_NOTIFIER=1 node_modules/.bin/docusaurus build --out-dir "$out/docusaurus")
}
