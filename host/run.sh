# shellcheck shell=bash
# One run of a script that works on databases of its own: a folder for what it writes,
# kept two days for reading, and the databases, dropped at its end (unless KEEP is set).

# start_run NAME: sets RUN (its folder), RUN_DATABASE and CONFIG.
start_run() {
    RUN=$CACHE/runs/$1-$$
    RUN_DATABASE=partnership_${KEEP:+kept_}run_$$
    CONFIG=$RUN/odoo.conf
    mkdir -p "$CACHE/runs"
    find "$CACHE/runs" -mindepth 1 -maxdepth 1 -mtime +2 -exec rm -rf {} +
    rm -rf "$RUN"
    mkdir "$RUN"
    write_config "$CONFIG" "$ROOT"
    if [ -n "${PG_OWNED:-}" ]; then drop_left_behind; fi
    trap end_run EXIT
    trap 'exit 130' INT TERM
}

# The databases of runs that were killed. On a server of others, theirs may be meant.
drop_left_behind() {
    local database number
    for database in $(databases_named '^partnership_run_'); do
        number=${database#partnership_run_}
        [ -d "/proc/${number%%[!0-9]*}" ] || drop_database "$database"
    done
}

end_run() {
    local database
    if [ -n "${KEEP:-}" ]; then
        say "kept: psql -h $PGHOST -p ${PGPORT:-5432} ${PGUSER:+-U $PGUSER} $RUN_DATABASE"
        return
    fi
    for database in $(databases_named "^$RUN_DATABASE(\D|\$)"); do
        drop_database "$database"
    done
    release_host
}
