# shellcheck shell=bash
# Two virtual environments of the machine's Python: what Odoo imports, and beside it
# what the tests use. pip checks the hash of every file that it fetches.

# Debian's own Python first: one from a user's home is unreadable to other users.
system_python() {
    if [ -x /usr/bin/python3 ]; then echo /usr/bin/python3; else command -v python3; fi
}
have_venv() { "$(system_python)" -c 'import ensurepip, venv' 2>/dev/null; }

prepare_python() {
    local version
    version=$("$(system_python)" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    PYTHON_KEY=$(digest "$version" "$HOST/python.sh" "$HOST/requirements.txt")
    local directory=$CACHE/python/$version-$PYTHON_KEY
    build_once "$directory" make_venv "Odoo" "$HOST/requirements.txt"
    PYTHON=$directory/bin/python
}

prepare_test_python() {
    local directory
    directory=$CACHE/python/test-$(digest "$PYTHON_KEY" "$HOST/requirements-test.txt")
    build_once "$directory" make_test_venv
    PYTHON=$directory/bin/python
}

# make_venv WHAT REQUIREMENTS DIRECTORY. It is moved afterwards: what is in its bin/
# knows its old name, so everything is run as `python -m`.
make_venv() {
    local log=$CACHE/pip.log wheels=$CACHE/wheels
    local options=(
        --disable-pip-version-check --no-input --progress-bar off
        --require-hashes --only-binary :all: --no-deps -r "$2"
    )
    : >"$log"
    quietly "$log" "$(system_python)" -m venv "$3"
    # What has been fetched before is enough, or everything is asked for once more.
    local install=("$3/bin/python" -m pip install --no-index --find-links "$wheels")
    if ! "${install[@]}" "${options[@]}" >>"$log" 2>&1 </dev/null; then
        say "fetching the Python packages of $1"
        quietly "$log" "$3/bin/python" -m pip download -d "$wheels" "${options[@]}"
        quietly "$log" "${install[@]}" "${options[@]}"
    fi
}

make_test_venv() {
    make_venv "the tests" "$HOST/requirements-test.txt" "$1"
    # It sees Odoo's packages too.
    "$PYTHON" -c 'import sysconfig; print(sysconfig.get_path("purelib"))' \
        >"$(echo "$1"/lib/python3*/site-packages)/host.pth"
}
