#!/bin/bash
# Makes what QEMU boots, in DIR: vmlinux and initrd (Debian's kernel), root.img (a bare Debian with systemd). What is there already is kept.
# gpio-sim is missing in Debian's kernel packages: it is compiled from their sources, and the I2C bus from i2c-bus.c. Nothing is installed here.
# Usage: guest.sh DIR
set -euo pipefail
here=$(dirname "$(realpath "$0")")
mkdir -p "$1" && cd "$1"
# What the guest's devices need, and what a box with such sensors would load.
disk="virtio_pci virtio_blk ext4 crc32c_generic"
wanted="$disk virtio_console virtio_rng configfs cuse i2c-dev i2c-stub lm75 xhci-pci ftdi_sio"

kernel() {
    [ -e vmlinux ] && return
    # A list older than the archive names packages that it no longer has.
    local image try
    for try in 1 2; do
        image=$(apt-cache depends linux-image-amd64 | awk '/Depends: linux-image-/ {print $2; exit}')
        version=${image#linux-image-}
        mkdir -p debs
        (cd debs && apt-get download -q "$image" "linux-headers-$version" "linux-headers-${version%-*}-common" linux-kbuild-6.1 linux-compiler-gcc-12-x86 linux-source-6.1) > apt.log 2>&1 && break
        [ $try = 1 ] && apt-get update -q > /dev/null || { cat apt.log >&2; return 1; }
    done
    rm -rf kernel build && mkdir kernel build
    dpkg -x debs/linux-image-*.deb kernel
    local package
    for package in debs/linux-headers-*.deb debs/linux-kbuild-*.deb debs/linux-compiler-*.deb; do dpkg -x "$package" build; done
    gpio_sim
    depmod -b "$PWD/kernel" "$version"
    # Without its compressed shell it boots seconds sooner in emulation.
    python3 - kernel/boot/vmlinuz-* vmlinux.new << 'PY'
import lzma, sys
packed = open(sys.argv[1], 'rb').read()
open(sys.argv[2], 'wb').write(lzma.LZMADecompressor().decompress(packed[packed.index(b'\xfd7zXZ\0'):]))
PY
    mv vmlinux.new vmlinux
    rm -rf build debs
}

gpio_sim() {
    local headers=$PWD/build/usr/src/linux-headers-$version source=$PWD/build/gpio-sim
    sed -i "s#/usr/src#$PWD/build/usr/src#g" "$headers/Makefile"
    mkdir "$source"
    dpkg --fsys-tarfile debs/linux-source-6.1_*.deb | tar xO ./usr/src/linux-source-6.1.tar.xz \
        | tar xJ -C "$source" --strip-components=3 linux-source-6.1/drivers/gpio/gpio-sim.c linux-source-6.1/drivers/gpio/gpiolib.h linux-source-6.1/kernel/irq/irq_sim.c
    # What it uses inside the kernel is not given to modules; this is, and does the same.
    sed -i 's/handle_simple_irq(irq_to_desc(\(.*\)));/generic_handle_irq(\1);/' "$source/irq_sim.c"
    printf 'obj-m := gpio-sim-irq.o\ngpio-sim-irq-y := gpio-sim.o irq_sim.o\n' > "$source/Makefile"
    make -s -C "$headers" CC=gcc M="$source" modules > build.log 2>&1 || { cat build.log >&2; return 1; }
    strip --strip-debug -o "kernel/lib/modules/$version/gpio-sim.ko" "$source/gpio-sim-irq.ko"
}

# Files of modules and all they need, in the order to load them.
modules() {
    local name
    for name in "$@"; do
        modprobe --dirname "$PWD/kernel" --set-version "$version" --show-depends "$name" | awk '$1 == "insmod" {print $2}'
    done | awk '!seen[$0]++'
}

initrd() {
    [ -e initrd ] && return
    rm -rf early && mkdir -p early/{dev,root,bin,modules}
    install -m 0755 "$here/initrd-init" early/init
    install -m 0755 root/bin/busybox early/bin/busybox
    local module
    for module in $(modules $disk); do
        cp "$module" early/modules/ && basename "$module" >> early/modules.order
    done
    (cd early && find . | cpio --quiet -o -H newc) > initrd.new
    mv initrd.new initrd
}

root() {
    [ -e root.img ] && [ -z "$(find "$here" -type f -newer root.img)" ] && return
    [ -e root/lab ] || {
        rm -rf root
        "$here/../debian-root.sh" "$PWD/root" systemd,systemd-sysv,udev,kmod,libgpiod2,i2c-tools,busybox-static
        mkdir root/lab
    }
    local module
    for module in $(modules $wanted gpio-sim); do
        install -D -m 0644 "$module" "root${module#"$PWD/kernel"}"
    done
    cp "kernel/lib/modules/$version/"modules.{order,builtin,builtin.modinfo} "root/lib/modules/$version/"
    depmod -b "$PWD/root" "$version"
    gcc -O2 -Wall -Wextra -static -s -o root/lab/i2c-bus "$here/i2c-bus.c"
    install -m 0755 "$here/agent" "$here/bench" root/lab/
    install -m 0644 "$here/agent.service" root/etc/systemd/system/lab-agent.service
    systemctl --root="$PWD/root" -q enable lab-agent.service
    # Nobody logs in, and nothing is to be tidied up in a machine of two minutes.
    systemctl --root="$PWD/root" -q mask serial-getty@.service getty@.service apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer
    rm -f root.img.new && truncate -s 1G root.img.new
    mke2fs -q -t ext4 -O ^has_journal -d root root.img.new
    mv root.img.new root.img
}

version=$(ls kernel/lib/modules 2> /dev/null || true)
kernel
root
initrd
