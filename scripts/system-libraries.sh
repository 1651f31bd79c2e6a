#!/bin/sh
# Makes sure that Pango is there, which draws the PDFs: installs it where that is allowed, else prints the line to type.
set -u
python=.venv/bin/python
[ -x "$python" ] || python=python3
"$python" - <<'PY' >/dev/null 2>&1 && exit 0
from ctypes.util import find_library
raise SystemExit(not (find_library("pango-1.0") and find_library("pangoft2-1.0")))
PY
packages="libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
if command -v apt-get >/dev/null 2>&1; then
    if [ "$(id -u)" = 0 ]; then
        apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages >/dev/null && exit 0
    elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
        sudo apt-get update -qq && sudo DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages >/dev/null && exit 0
    fi
    echo "PDFs need Pango. Type this once, then run make again:"
    echo "    sudo apt-get install $packages"
elif command -v dnf >/dev/null 2>&1; then
    echo "PDFs need Pango. Type this once, then run make again:"
    echo "    sudo dnf install pango"
elif [ "$(uname)" = Darwin ]; then
    echo "PDFs need Pango. Type this once, then run make again:"
    echo "    brew install pango"
else
    echo "PDFs need Pango; how to install it: https://doc.courtbouillon.org/weasyprint/stable/first_steps.html"
fi
echo "Without it the HTML reports and all other commands work."
