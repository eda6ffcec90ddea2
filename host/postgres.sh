# shellcheck shell=bash
# The PostgreSQL server that PG* variables name, or one of our own: no port, only a
# socket in a folder that no other user can enter, its data in the cache.

postgres_bin() {
    local newest
    newest=$(printf '%s\n' /usr/lib/postgresql/*/bin/initdb | sort -V | tail -n 1)
    if [ -x "$newest" ]; then dirname "$newest"
    elif command -v initdb >/dev/null; then dirname "$(command -v initdb)"
    fi
}

# PostgreSQL refuses to run as root.
as_owner() {
    (cd / && if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi)
}

# Sets PGHOST, PGPORT and PGUSER for every client, unless the caller has.
locate_postgres() {
    [ -z "${PGHOST:-}" ] || return 0
    PG_OWNED=1
    PG_BIN=$(postgres_bin)
    PATH=$PATH:$PG_BIN
    # The path of a socket must stay under a hundred characters.
    local short=${TMPDIR:-/tmp} name
    [ "${#short}" -lt 40 ] || short=/tmp
    name=culture-$(id -u)-$(digest "$CACHE")
    export PGHOST=$short/$name PGPORT=5419 PGUSER=odoo
    PG_DATA=$CACHE/postgresql
    # root's home is closed to the user who runs PostgreSQL.
    as_owner test -x "$CACHE" || PG_DATA=/var/tmp/$name
    PG_CLUSTER=$PG_DATA/$("$PG_BIN/initdb" --version | grep -o '[0-9]*' | head -n 1)
}

prepare_postgres() {
    locate_postgres
    if [ -n "${PG_OWNED:-}" ]; then
        own_directory "$PGHOST"
        own_directory "$PG_DATA"
        [ -e "$PG_CLUSTER/whole" ] || make_cluster
        as_owner "$PG_BIN/pg_ctl" -D "$PG_CLUSTER" status >/dev/null || start_postgres
    fi
    psql -X -d postgres -c '' >/dev/null || fail "no PostgreSQL answers on PGHOST=$PGHOST"
}

# A folder in a place where everybody writes must be ours, not a link laid there.
own_directory() {
    local owner
    owner=$(as_owner id -un)
    if [ ! -e "$1" ] && [ ! -L "$1" ]; then install -d -m 700 -o "$owner" "$1"; fi
    if [ -L "$1" ] || [ "$(stat -c %U "$1")" != "$owner" ]; then
        fail "$1 exists and is not a folder of $owner: remove it"
    fi
}

make_cluster() {
    say "creating a PostgreSQL cluster"
    as_owner rm -rf "$PG_CLUSTER"
    as_owner "$PG_BIN/initdb" -D "$PG_CLUSTER" --encoding=UTF8 --locale=C.UTF-8 --auth=trust \
        --username=odoo --no-sync >"$CACHE/initdb.log" || fail "initdb failed" "$CACHE/initdb.log"
    as_owner touch "$PG_CLUSTER/whole"
}

# A crash of the machine may cost the last second of work, never the database.
start_postgres() {
    as_owner "$PG_BIN/pg_ctl" -D "$PG_CLUSTER" -w -s -l "$PG_CLUSTER/server.log" \
        -o "-p $PGPORT -k $PGHOST -c listen_addresses='' -c synchronous_commit=off" \
        start 8>&- 9>&- || fail "PostgreSQL did not start" "$PG_CLUSTER/server.log"
}

stop_postgres() {
    [ -n "${PG_OWNED:-}" ] || return 0
    if as_owner "$PG_BIN/pg_ctl" -D "$PG_CLUSTER" status >/dev/null; then
        as_owner "$PG_BIN/pg_ctl" -D "$PG_CLUSTER" -s -m fast stop
    fi
}
