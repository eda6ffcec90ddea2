# shellcheck shell=bash
# Odoo 19.0: a source tree of yours (ODOO_HOME), or Debian's package.
#
# Debian has odoo-19 only in its unstable branch, so a private list of sources is used,
# made from the machine's own mirror; nothing of it enters the machine's apt. apt
# checks the signature. The version of the package floats, its release is checked.

UNSTABLE_PACKAGES=(odoo-19 fonts-montserrat)
# Files that odoo-19 links to; later releases of these packages miss some of them.
STABLE_PACKAGES=(
    libjs-jquery libjs-jquery-form libjs-underscore
    fonts-font-awesome fonts-roboto-unhinted fonts-inconsolata fonts-ocr-b
)
STABLE=bookworm
PACKAGES_IN_TREE=usr/lib/python3/dist-packages

# Sets ODOO_TREE (what goes on PYTHONPATH), ODOO_ADDONS and ODOO_KEY.
prepare_odoo() {
    if [ -n "${ODOO_HOME:-}" ]; then
        ODOO_TREE=$(cd "$ODOO_HOME" && pwd) || fail "ODOO_HOME=$ODOO_HOME is no folder"
        check_odoo "$ODOO_TREE"
        ODOO_KEY=$(digest "$ODOO_TREE" "$(git -C "$ODOO_TREE" rev-parse HEAD 2>/dev/null)")
    else
        ODOO_KEY=$(digest "$HOST/odoo.sh")
        build_once "$CACHE/odoo/$ODOO_KEY" make_odoo
        ODOO_TREE=$CACHE/odoo/$ODOO_KEY/$PACKAGES_IN_TREE
    fi
    export PYTHONPATH=$ODOO_TREE
    ODOO_ADDONS=$ODOO_TREE/odoo/addons
    # In Odoo's own repository most addons are beside the package.
    if [ -d "$ODOO_TREE/addons/web" ]; then ODOO_ADDONS+=,$ODOO_TREE/addons; fi
}

# host_addon NAME: its folder.
host_addon() {
    local folder
    for folder in ${ODOO_ADDONS//,/ }; do
        if [ -d "$folder/$1" ]; then echo "$folder/$1"; fi
    done
}

check_odoo() {
    local version
    version=$(PYTHONPATH=$1 "$PYTHON" -m odoo --version 2>"$CACHE/odoo-version.log") \
        || fail "there is no Odoo that runs in $1" "Why: $CACHE/odoo-version.log"
    case $version in
        *" 19.0"*) ;;
        *) fail "this addon needs Odoo 19.0, and $1 holds: $version" ;;
    esac
}

make_odoo() {
    local packages
    packages=$CACHE/debian/$(digest "$STABLE" "${UNSTABLE_PACKAGES[@]}" "${STABLE_PACKAGES[@]}")
    if [ -d "$packages" ] && ! (cd "$packages" && sha256sum --check --quiet SHA256SUMS); then
        say "the packages in the cache are damaged"
        rm -rf "$packages"
    fi
    build_once "$packages" fetch_packages
    say "unpacking Odoo"
    unpack_odoo "$packages" "$1"
    check_odoo "$1/$PACKAGES_IN_TREE"
    say "compiling Odoo's Python files"
    # A start of Odoo takes half the time with them.
    "$PYTHON" -W ignore -m compileall -q -j 0 "$1/$PACKAGES_IN_TREE/odoo" \
        -x '/(l10n_[^/]*|addons/[^/]*/tests|migrations|static|templates)/' \
        >"$CACHE/compile.log" 2>&1 || true  # a few files are templates, not Python
}

# In a subshell: apt downloads into the current folder.
fetch_packages() (
    command -v apt-get >/dev/null || fail "Odoo is fetched as a Debian package, and there" \
        "is no apt-get here. Set ODOO_HOME to an Odoo 19.0 source tree."
    apt=$1/.apt log=$CACHE/apt-private.log found=
    mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial"
    options=(
        -o Dir::Etc::SourceList="$apt/sources.list" -o Dir::Etc::SourceParts=-
        -o Dir::State::Lists="$apt/lists" -o Dir::Cache="$apt/cache"
        -o Acquire::Languages=none -o APT::Get::List-Cleanup=false
        -o APT::Update::Error-Mode=any
    )
    # As root apt would fetch as a user who cannot enter the cache.
    [ "$(id -u)" != 0 ] || options+=(-o APT::Sandbox::User=root)
    : >"$log"
    say "fetching Odoo 19.0 from Debian (150 MB)"
    for mirror in $(debian_mirrors); do
        printf 'deb [signed-by=%s] %s %s main\n' \
            "$DEBIAN_KEYS" "$mirror" sid "$DEBIAN_KEYS" "$mirror" "$STABLE" >"$apt/sources.list"
        if apt-get "${options[@]}" update >>"$log" 2>&1 </dev/null; then found=$mirror; break; fi
    done
    if [ -z "$found" ]; then
        tail -n 20 "$log" >&2
        fail "no Debian mirror of apt's configuration gives sid and $STABLE" \
            "The whole output of apt-get: $log" "Or set ODOO_HOME to an Odoo 19.0 source tree."
    fi
    cd "$1"
    # NAME/RELEASE for each.
    quietly "$log" apt-get "${options[@]}" download \
        "${UNSTABLE_PACKAGES[@]/%//sid}" "${STABLE_PACKAGES[@]/%//$STABLE}"
    rm -rf "$apt"
    sha256sum ./*.deb >SHA256SUMS
)

DEBIAN_KEYS=/usr/share/keyrings/debian-archive-keyring.gpg

# The mirrors that the machine itself uses; the signature tells which are Debian's.
debian_mirrors() {
    # shellcheck disable=SC2016
    apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Component: main' \
        | sort | uniq -c | sort -rn | awk '{ print $2 }'
}

# Of the 1.2 GB three quarters are other languages and other countries' accounting.
unpack_odoo() {
    local packages=$1 tree=$2 package
    for package in "$packages"/*.deb; do
        case $package in
            */odoo-19_*) ;;
            *) dpkg-deb -x "$package" "$tree" ;;
        esac
    done
    dpkg-deb --fsys-tarfile "$packages"/odoo-19_*.deb | tar -x -C "$tree" --wildcards \
        --exclude='*/i18n/[a-eg-z]*.po' --exclude='*/i18n/f[a-qs-z]*.po' \
        --exclude='*/i18n/fr_*.po' --exclude='*/i18n/*.pot' \
        --exclude="./$PACKAGES_IN_TREE/odoo/addons/l10n_[a-eg-z]*" \
        --exclude="./$PACKAGES_IN_TREE/addons" \
        --exclude=./usr/share/doc --exclude=./etc
    # Debian takes this file out (it has no free source), yet the web client's bundle
    # names it. Only the blurred background of video calls would use it.
    local missing=$tree/$PACKAGES_IN_TREE/odoo/addons/mail/static/lib/selfie_segmentation
    mkdir -p "$missing"
    : >"$missing/selfie_segmentation.js"
    # One link of the package is broken by itself; any other is a package too few.
    local broken
    broken=$(find "$tree/usr/lib" -xtype l ! -name Inconsolata.otf)
    [ -z "$broken" ] || fail "Odoo's package links to files that are not there:" "$broken"
}
