#!/bin/sh
# Makes sure of what the system must bring: `pango`, which draws the PDFs, or `venv`, Python's environments on Debian.
# Installs it where that is allowed, else prints the line to type.
set -u

install_debian() {
    if [ "$(id -u)" = 0 ]; then
        as_root=
    elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
        as_root=sudo
    else
        return 1
    fi
    $as_root apt-get update -qq && $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1
}

tell() {
    echo "$1. Type this once, then run make again:"
    echo "    $2"
}

case "${1:-pango}" in
venv)
    version=$("${2:-python3}" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    command -v apt-get >/dev/null 2>&1 && install_debian "python$version-venv" && exit 0
    tell "Python's venv is missing" "sudo apt-get install python$version-venv"
    exit 1
    ;;
pango)
    python=.venv/bin/python
    [ -x "$python" ] || python=python3
    "$python" -c 'from ctypes.util import find_library as f; raise SystemExit(not all(map(f, ("pango-1.0", "pangoft2-1.0", "harfbuzz-subset"))))' 2>/dev/null && exit 0
    packages="libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
    if command -v apt-get >/dev/null 2>&1; then
        install_debian $packages && exit 0
        tell "PDFs need Pango" "sudo apt-get install $packages"
    elif command -v dnf >/dev/null 2>&1; then
        tell "PDFs need Pango" "sudo dnf install pango"
    elif [ "$(uname)" = Darwin ]; then
        tell "PDFs need Pango" "brew install pango"
    else
        echo "PDFs need Pango; how to install it: https://doc.courtbouillon.org/weasyprint/stable/first_steps.html"
    fi
    echo "Without it the HTML reports and all other commands work."
    ;;
esac
