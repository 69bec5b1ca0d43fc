#!/usr/bin/env bash
# Usage: scripts/setup.sh PYTHON REQUIREMENTS [pip options]
# Makes .venv with PYTHON where it is missing and installs REQUIREMENTS into it. A stamp holds the
# text that was installed last, so a second call does nothing until a requirement changes.
set -euo pipefail
cd "$(dirname "$0")/.."

python=$1
requirements=$2
venv_python=.venv/bin/python

if ! "$venv_python" -c '' 2>/dev/null; then
  if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "Backlight needs Python 3.11 or newer, and '$python' is not one: make PYTHON=/path/to/python3.11" >&2
    exit 1
  fi
  echo "Setting up .venv with $("$python" --version)"
  rm -rf .venv
  "$python" -m venv .venv
fi

stamp=.venv/stamp-$(echo "$requirements" | tr / -)
wanted=$(cat requirements*.txt "$requirements") # one file may name another
if [ "$wanted" != "$(cat "$stamp" 2>/dev/null)" ]; then
  echo "Installing $requirements (the first time takes some minutes: torch is large)"
  "$venv_python" -m pip install --quiet --disable-pip-version-check -r "$requirements" "${@:3}"
  printf '%s\n' "$wanted" >"$stamp"
fi
