# shellcheck shell=bash
# Databases, each with its filestore.

DATA_DIR=$CACHE/data
FILESTORE=$DATA_DIR/filestore

# write_config FILE ADDONS-FOLDER: an Odoo configuration for the addons in that folder.
# Where PostgreSQL is, Odoo takes from the PG* variables. A browser tour that fails
# leaves a picture beside the configuration.
write_config() {
    cat >"$1" <<CONFIG
[options]
addons_path = $ODOO_ADDONS,$2
data_dir = $DATA_DIR
http_interface = 127.0.0.1
list_db = False
unaccent = True
screenshots = ${1%/*}/screenshots
CONFIG
}

# odoo CONFIG COMMAND...: Odoo's command line, its warnings about Python silenced.
odoo() { "$PYTHON" -W ignore -m odoo "$2" -c "$1" "${@:3}"; }

# install CONFIG DATABASE OPTION...
install_modules() {
    odoo "$1" server -d "$2" --stop-after-init --no-http --max-cron-threads=0 "${@:3}"
}

sql() { psql -X -q -A -t -v ON_ERROR_STOP=1 -d "$@"; }

# databases_named PATTERN: newest first.
databases_named() {
    sql postgres -c "SELECT datname FROM pg_database WHERE datname ~ '$1' ORDER BY oid DESC"
}
database_exists() { [ -n "$(databases_named "^$1\$")" ]; }

drop_database() {
    PGOPTIONS="-c client_min_messages=warning" dropdb --if-exists --force "$1"
    rm -rf "${FILESTORE:?}/$1"
}

clone_database() {
    drop_database "$2"
    # Files of the filestore are named by their content and never change: links do.
    if [ -d "$FILESTORE/$1" ]; then cp -al "$FILESTORE/$1" "$FILESTORE/$2"; fi
    createdb -T "$1" "$2"
}

rename_database() {
    rm -rf "${FILESTORE:?}/$2"
    if [ -d "$FILESTORE/$1" ]; then mv -T "$FILESTORE/$1" "$FILESTORE/$2"; fi
    sql postgres -c "ALTER DATABASE \"$1\" RENAME TO \"$2\""
}

# What the addon depends on is installed once, in templates that are then cloned: one
# in English without any data, for tests; one in French with demonstration data.
# prepare_template [demo]: sets TEMPLATE.
prepare_template() {
    local modules
    modules=$("$PYTHON" "$HOST/tools/manifest.py" "$ROOT/$ADDON" depends)
    TEMPLATE=partnership_template_${1:-test}_$(digest \
        "$ODOO_KEY" "$PYTHON_KEY" "$modules" "$HOST/database.sh")
    lock_builds
    database_exists "$TEMPLATE" || make_template "${1:-test}" "$modules"
    unlock_builds
}

# It is built under a name that nobody takes for a template.
make_template() {
    local config=$CACHE/template.conf log=$CACHE/template.log part=partnership_part old
    say "building a template database ($1): $2"
    write_config "$config" "$ROOT"
    : >"$log"
    drop_database "$part"
    case $1 in
        demo)
            quietly "$log" install_modules "$config" "$part" -i "$2" \
                --with-demo --load-language=fr_FR
            ;;
        test)
            quietly "$log" install_modules "$config" "$part" -i "$2"
            # French is there, and nobody has it: a test says whose language it means.
            quietly "$log" "$PYTHON" -W ignore -m odoo i18n loadlang \
                -c "$config" -d "$part" -l fr_FR
            ;;
    esac
    rename_database "$part" "$TEMPLATE"
    for old in $(databases_named "^partnership_template_$1_" | tail -n +4); do
        drop_database "$old"
    done
}

# install_demo CONFIG DATABASE LOG: the addon with its demonstration data, in a new
# database. Odoo only warns when such data cannot be loaded, and goes on without.
install_demo() {
    prepare_template demo
    clone_database "$TEMPLATE" "$2"
    : >"$3"
    quietly "$3" install_modules "$1" "$2" -i "$ADDON" --with-demo
    local loaded
    loaded=$(sql "$2" -c "SELECT demo FROM ir_module_module WHERE name = '$ADDON'")
    [ "$loaded" = t ] || fail "the demonstration data did not load" "Odoo's log: $3"
}
