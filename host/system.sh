# shellcheck shell=bash
# The Debian packages that the host needs from the machine.

# missing_packages [test]
missing_packages() {
    have_venv || echo python3-venv
    if [ -n "${PGHOST:-}" ]; then
        command -v createdb >/dev/null || echo postgresql-client
    else
        [ -n "$(postgres_bin)" ] || echo postgresql
    fi
    [ "${1:-}" = test ] || return 0
    command -v chromium >/dev/null || command -v google-chrome >/dev/null || echo chromium
    command -v pdftotext >/dev/null || echo poppler-utils
    [ -d /usr/share/fonts/truetype/dejavu ] || echo fonts-dejavu-core
}

# Root gets what is missing installed, once per cache. What is gone since was taken
# away on purpose and is not put back behind one's back: the run fails and says so.
prepare_system() {
    local packages seen="$CACHE/packages-seen-by-${1:-demo}"
    mapfile -t packages < <(missing_packages "$@")
    if [ "${#packages[@]}" != 0 ]; then
        if [ "$(id -u)" != 0 ] || [ -e "$seen" ] || ! command -v apt-get >/dev/null; then
            fail "this machine lacks ${packages[*]}. As root:" \
                "apt-get update" \
                "apt-get install --no-install-recommends ${packages[*]}"
        fi
        say "installing Debian packages: ${packages[*]}"
        quietly "$CACHE/apt.log" install_packages "${packages[@]}"
    fi
    if [ ! -e "$seen" ] && ! command -v wkhtmltopdf >/dev/null; then
        say "wkhtmltopdf is not there (Debian 13 has it no more): no reports in PDF"
    fi
    touch "$seen"
}

# In a subshell, whose end undoes the setting however it comes.
install_packages() (
    snippet=/etc/postgresql-common/createcluster.d/no-main-cluster.conf
    apt-get update
    if apt-cache show wkhtmltopdf >/dev/null 2>&1; then set -- "$@" wkhtmltopdf; fi
    # Debian's package would create a cluster on port 5432 and start it at each boot.
    trap 'rm -f "$snippet"; rmdir --ignore-fail-on-non-empty "${snippet%/*}"' EXIT
    mkdir -p "${snippet%/*}"
    echo "create_main_cluster = false" >"$snippet"
    DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends "$@"
)
