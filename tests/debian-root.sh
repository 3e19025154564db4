#!/bin/bash
# Makes a bare Debian root in DIR by debootstrap, from Debian's archive as this machine knows it. What was downloaded is kept for the next one.
# Usage: tests/debian-root.sh DIR PACKAGE[,PACKAGE...]     needs root and the package debootstrap; SUITE and DEBIAN_MIRROR override
set -euo pipefail
[ $# = 2 ] || { echo "usage: $0 DIR PACKAGE[,PACKAGE...]" >&2; exit 2; }
kept=$(dirname "$(realpath "$0")")/../artifacts/debian-archives
mkdir -p "$kept"
# Among whatever this machine has: in sources.list, in sources.list.d or in both.
mirror=${DEBIAN_MIRROR:-$({ grep -rhE --include='*.list' --include='*.sources' '^(deb |URIs:)' /etc/apt/sources.list /etc/apt/sources.list.d 2> /dev/null || true; } | sed 's/\[[^]]*\] *//' | awk '{print $2}' | grep -E '/debian/?$' | head -n 1)}
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# The lock: two of them would take each other's half of a download.
flock "$kept" debootstrap --variant=minbase --cache-dir="$(realpath "$kept")" --include="$2" "${SUITE:-bookworm}" "$1" "$mirror" > "$log" 2>&1 || { tail -n 20 "$log" >&2; exit 1; }
