# shellcheck shell=bash
# Background servers on 127.0.0.1, stopped by their process ids when the script ends. Each is the leader
# of a process group of its own, which is stopped whole: chromedriver would leave behind the browser of
# a test that did not end well.
# shellcheck disable=SC2034 # some variables are for the files that read this one

SERVERS=()
SCRATCH=

stop_servers() {
    local pid
    for pid in ${SERVERS[@]+"${SERVERS[@]}"}; do kill -- "-$pid" 2>/dev/null || true; done
    for pid in ${SERVERS[@]+"${SERVERS[@]}"}; do wait "$pid" 2>/dev/null || true; done
    SERVERS=()
    # A browser that is just ending may still be writing there.
    if [ -n "$SCRATCH" ]; then rm -rf "$SCRATCH" || { sleep 1 && rm -rf "$SCRATCH"; } || true; fi
    SCRATCH=
}

# Browsers leave files behind when they are stopped: they get a directory that goes with them.
scratch_directory() {
    if [ -z "$SCRATCH" ]; then SCRATCH=$(mktemp -d); fi
    export TMPDIR=$SCRATCH
}

stop_servers_at_exit() {
    trap stop_servers EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
}

# start_server NAME PATTERN COMMAND...: starts it and waits for a line of its output that matches the
# sed pattern; FOUND is then the pattern's first group. Its output is in the log of that name.
start_server() {
    local name=$1 pattern=$2 log=$LOGS/$1.log tenths=0 pid
    shift 2
    mkdir -p "$LOGS"
    : >"$log"
    set -m # job control gives it the group
    "$@" >>"$log" 2>&1 </dev/null &
    pid=$!
    set +m
    SERVERS+=("$pid")
    while
        FOUND=$(sed -n "s/.*$pattern.*/\1/p" "$log" | sed -n 1p)
        [ -z "$FOUND" ]
    do
        if ! kill -0 "$pid" 2>/dev/null || [ "$tenths" -ge 300 ]; then
            cat "$log" >&2
            die "$name did not start"
        fi
        sleep 0.1
        tenths=$((tenths + 1))
    done
}

# Any origin may load the files: a frame in a sandbox has none of its own.
# serve_site DIRECTORY PORT: PORT 0 takes a free one. SITE_PORT is the port that was taken, which is
# another one when somebody has the wanted one.
serve_site() {
    # The server lets these two variables overrule its options.
    start_server site 'Local: *http:\/\/127\.0\.0\.1:\([0-9]*\)' \
        env HOST=127.0.0.1 PORT="$2" NO_COLOR=1 sirv "$1" --no-clear --no-logs --etag --cors
    SITE_PORT=$FOUND
}

start_chromedriver() {
    start_server chromedriver 'started successfully on port \([0-9]*\)' chromedriver --port=0
    CHROMEDRIVER_PORT=$FOUND
}
