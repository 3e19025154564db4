#!/bin/bash
# The box on a real kernel under a real systemd, in an emulated machine: the technician's commands install it, and the values that its daemon
# reports are held against what is on the wires: GPIO lines (gpio-sim), I2C parts, a chip of the kernel's own, a serial port, a USB adapter
# that is pulled out. Then the watchdog, the bridge under its own unit, and stops amid a storm of edges. The story is tests/kernel/judge.py.
# What is installed is PATH-OF-edgehub and the edgehub-bridge beside it; where a FOLDER with the native program is given as well, the story goes on with that.
# Usage: tests/kernel.sh PATH-OF-edgehub [FOLDER]     needs root; ends with 78 where this machine cannot boot one: then nothing is proven
set -euo pipefail
cd "$(dirname "$0")/.."
program=$(realpath "${1:?usage: tests/kernel.sh PATH-OF-edgehub [FOLDER]}") native=${2:+$(realpath "$2")}
guest=artifacts/kernel
for tool in qemu-system-x86_64 debootstrap gcc make cpio depmod mke2fs python3; do
    command -v $tool > /dev/null || { echo "NOT PROVEN: a machine to boot needs $tool: apt-get install qemu-system-x86 debootstrap gcc make cpio kmod e2fsprogs python3" >&2; exit 78; }
done
[ "$(id -u)" = 0 ] || { echo "NOT PROVEN: making a machine to boot needs root" >&2; exit 78; }

begun=$SECONDS
tests/kernel/guest.sh $guest
echo "kernel: a machine to boot, $((SECONDS - begun)) s"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/kit"
cp "$program" "$scratch/kit/edgehub"
cp "$(dirname "$program")/edgehub-bridge" "$scratch/kit/edgehub-bridge"
[ -z "$native" ] || { mkdir "$scratch/kit/native" && cp "$native"/edgehub "$native"/*.so "$scratch/kit/native/"; }
cp -r deploy "$scratch/kit/deploy"
cp tests/kernel/edgehub.json "$scratch/kit/edgehub.json"
truncate -s 300M "$scratch/kit.img"
mke2fs -q -t ext4 -O ^has_journal -d "$scratch/kit" "$scratch/kit.img"
PYTHONDONTWRITEBYTECODE=1 python3 tests/kernel/judge.py "$(realpath $guest)" "$scratch/kit.img" "$scratch"
