#!/bin/bash
# Runs the commands of docs/technician.md in a bare Debian root with the x64 single file. No systemd runs there: systemctl's line is
# replaced by what the unit does (the same user, the same directories), and the unit itself is verified and scored.
# Usage: tests/technician-debootstrap.sh PATH-OF-edgehub     needs root and the package debootstrap
set -euo pipefail
cd "$(dirname "$0")/.."
program=$(realpath "${1:?usage: tests/technician-debootstrap.sh PATH-OF-edgehub}")
command -v debootstrap > /dev/null || { echo "SKIP: a bare root needs debootstrap: apt-get install debootstrap" >&2; exit 77; }
[ "$(id -u)" = 0 ] || { echo "SKIP: a chroot needs root" >&2; exit 77; }

root=$(mktemp -d)
# The daemon runs as a user of its own and must be able to pass the root of its world.
chmod 0755 "$root"
daemon=
finish() {
    [ -z "$daemon" ] || { kill "$daemon" && wait "$daemon"; } 2> /dev/null || true
    # Lazily: what still holds /dev open must not leave the machine's own devices below a folder that is about to be deleted.
    umount -l "$root/proc" "$root/dev" 2> /dev/null || true
    rm -rf --one-file-system "$root"
}
trap finish EXIT

# adduser's programs and systemd's sysusers are what a bare box has; libicu it does not have, and the program must not need it.
tests/debian-root.sh "$root" systemd,udev
mount -t proc proc "$root/proc"
mount --bind /dev "$root/dev"

mkdir -p "$root/root/kit"
cp "$program" "$root/root/kit/edgehub"
cp -r deploy "$root/root/kit/deploy"
cp docs/examples/edgehub.json "$root/root/kit/edgehub.json"
mapfile -t commands < <(awk '/^```sh$/ {on=1; next} /^```$/ {on=0} on' docs/technician.md)
[ ${#commands[@]} -le 8 ] || { echo "docs/technician.md needs ${#commands[@]} commands; eight is the promise" >&2; exit 1; }

for line in "${commands[@]}"; do
    echo "box# $line"
    case $line in
    "systemctl enable --now edgehub")
        # What the unit would do: its user, its directories, its environment, the program in the foreground.
        chroot "$root" systemd-analyze verify /etc/systemd/system/edgehub.service
        chroot "$root" systemd-analyze security --offline=true --threshold=15 --no-pager /etc/systemd/system/edgehub.service | tail -n 1
        chroot "$root" install -d -m 0700 -o edgehub -g edgehub /var/lib/edgehub
        chroot "$root" install -d -m 0750 -o edgehub -g edgehub /run/edgehub
        chroot "$root" setpriv --reuid edgehub --regid edgehub --init-groups --no-new-privs env -i PATH=/usr/bin:/bin \
            STATE_DIRECTORY=/var/lib/edgehub RUNTIME_DIRECTORY=/run/edgehub DOTNET_BUNDLE_EXTRACT_BASE_DIR=/var/lib/edgehub/.bundle EDGEHUB__HTTP__LISTEN=127.0.0.1:0 \
            /usr/local/bin/edgehub run > "$root/root/daemon.log" 2>&1 &
        daemon=$!
        for _ in $(seq 300); do
            [ -S "$root/run/edgehub/edgehub.sock" ] && break
            kill -0 "$daemon" || { cat "$root/root/daemon.log" >&2; exit 1; }
            sleep 0.1
        done
        ;;
    "edgehub status")
        # 0 is ok, 1 is degraded: a box without a broker may say so; 2 would be silence.
        code=0
        chroot "$root" edgehub status || code=$?
        [ "$code" -le 1 ] || { cat "$root/root/daemon.log" >&2; exit 1; }
        ;;
    *)
        chroot "$root" /bin/sh -c "cd /root/kit && $line"
        ;;
    esac
done

[ "$(chroot "$root" stat -c '%a %G' /run/edgehub/edgehub.sock)" = "660 edgehub" ] || { echo "the socket has the wrong mode or group" >&2; exit 1; }
kill -TERM "$daemon"
code=0
wait "$daemon" || code=$?
daemon=
[ "$code" = 0 ] || { echo "the daemon ended with $code" >&2; cat "$root/root/daemon.log" >&2; exit 1; }
echo "technician: ${#commands[@]} commands from a bare root to a running daemon"
