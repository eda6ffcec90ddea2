# shellcheck shell=bash
# What scripts/demo and scripts/test share: where things are, how they speak, and
# how something is built once. The parts of the host are in the files sourced below.
#
#   system.sh    Debian packages of the machine (PostgreSQL, Chromium, ...)
#   python.sh    Odoo's Python packages, and those of the tests
#   odoo.sh      Odoo 19.0 itself
#   postgres.sh  a PostgreSQL of our own, or the one that PG* variables name
#   database.sh  databases: template, clone, rename, drop
#   run.sh       a folder and databases for one run of a script
set -euo pipefail

HOST=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
ROOT=$(cd "$HOST/.." && pwd)
ADDON=culture_partnership
CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/culture_partnership
export CULTURE_CACHE=$CACHE
# A script that is called by another goes on counting its seconds.
export CULTURE_STARTED=${CULTURE_STARTED:-$EPOCHSECONDS}

# The caller's Python settings would lead our interpreters astray, and PGDATABASE
# would name a database to every Odoo command.
unset PYTHONHOME PYTHONPATH PYTHONSTARTUP PGDATABASE ODOO_RC
export LC_ALL=C.UTF-8
# What is built is compiled when it is built; the checkout stays as it is.
export PYTHONDONTWRITEBYTECODE=1

say() { printf '[%3ds] %s\n' "$((EPOCHSECONDS - CULTURE_STARTED))" "$*" >&2; }
fail() {
    printf '\n%s: %s\n' "${0##*/}" "$1" >&2
    shift
    for line in "$@"; do printf '    %s\n' "$line" >&2; done
    exit 1
}

# quietly LOG COMMAND...: its output goes to LOG and is shown only if it fails.
quietly() {
    local log=$1 status=0
    shift
    "$@" >>"$log" 2>&1 </dev/null || status=$?
    [ "$status" = 0 ] && return
    tail -n 40 "$log" >&2
    fail "this failed with status $status: $*" "The whole output: $log"
}

# digest TEXT-OR-FILE-OF-HOST...: a short name for a content, so that a changed recipe
# builds anew beside what the old one built.
digest() {
    local item
    for item in "$@"; do
        case $item in
            "$HOST"/*) cat "$item" ;;
            *) printf '%s\n' "$item" ;;
        esac
    done | sha256sum | cut -c1-12
}

# build_once DIRECTORY BUILDER...: has BUILDER fill DIRECTORY, unless it is there.
# It is filled under another name and renamed when whole, so that a run killed
# half-way leaves nothing that a later run would take for done.
build_once() {
    local directory=$1
    shift
    if [ ! -d "$directory" ]; then
        rm -rf "$directory.part"
        mkdir -p "$directory.part"
        "$@" "$directory.part"
        mv -T "$directory.part" "$directory"
    fi
    touch -c "$directory"
    # What an older recipe built goes once nothing has asked for it in a month.
    find "$directory"/.. -mindepth 1 -maxdepth 1 -mtime +30 -exec rm -rf {} +
}

# One run at a time builds; the others wait for it. Locking may be nested.
LOCKS=0
lock_builds() {
    LOCKS=$((LOCKS + 1))
    [ "$LOCKS" = 1 ] || return 0
    mkdir -p "$CACHE"
    exec 9>"$CACHE/build.lock"
    flock -n 9 && return
    say "another run is building the host: waiting for it"
    flock 9
}
unlock_builds() {
    LOCKS=$((LOCKS - 1))
    [ "$LOCKS" != 0 ] || exec 9>&-
}

# Every run, and the demo's Odoo itself, holds this lock shared: whoever leaves last
# (see release_host) stops PostgreSQL.
hold_host() {
    mkdir -p "$CACHE"
    exec 8>>"$CACHE/in-use.lock"
    flock -s 8
}
release_host() { if flock -n -x 8; then stop_postgres; fi; }

free_port() {
    "$PYTHON" - "$@" <<'PYTHON'
import socket
import sys

for port in [int(arg) for arg in sys.argv[1:]] or [0]:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            continue
        print(probe.getsockname()[1])
        break
PYTHON
}

for part in system python odoo postgres database run; do
    # shellcheck disable=SC1090
    . "$HOST/$part.sh"
done

# prepare_code [test]: Odoo's code and its Python packages, as far as PYTHONPATH.
prepare_code() {
    lock_builds
    prepare_python
    if [ "${1:-}" = test ]; then prepare_test_python; fi
    prepare_odoo
    unlock_builds
}

# prepare_host [test]: all of it, up to a running PostgreSQL.
prepare_host() {
    hold_host
    lock_builds
    prepare_system "$@"
    prepare_code "$@"
    prepare_postgres
    unlock_builds
}
