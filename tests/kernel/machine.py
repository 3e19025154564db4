"""The machine: QEMU with the guest of guest.sh, its agent, and the sockets behind its serial lines."""
import base64, pathlib, socket, subprocess, sys, time

BOOT_SECONDS = 90
BOOTS_MAX = 3
SCRIPT_SECONDS = 300


class MachineError(Exception):
    """It does not boot, or its agent no longer answers."""


class Machine:
    def __init__(self, guest, place, shared):
        self.guest, self.place, self.shared = pathlib.Path(guest), place, shared
        self.process = self.agent = None

    def boot(self):
        """MachineError when it does not boot. An emulated machine on a busy host now and then loses its timer while it starts: it gets three tries."""
        for attempt in range(1, BOOTS_MAX + 1):
            try:
                return self.boot_once()
            except (OSError, MachineError) as e:
                failed = f"boot {attempt} of {BOOTS_MAX}: {e}\n{self.console()}"
                self.stop()
                print(f"kernel: {failed}", file=sys.stderr)
        raise MachineError(f"it does not boot: {failed}")

    def boot_once(self):
        for old in self.place.glob("*.socket"):
            old.unlink()
        with open(self.place / "qemu.log", "w") as errors:
            self.process = subprocess.Popen(self.command(), stdin=subprocess.DEVNULL, stderr=errors)
        self.agent = self.connect("agent")
        self.listen(b"\1READY", BOOT_SECONDS)

    def command(self):
        def behind_socket(name):
            return ["-chardev", f"socket,id={name},path={self.place}/{name}.socket,server=on,wait=off"]

        # Emulated everywhere: slower than KVM, and the same on a machine that has none.
        return ["qemu-system-x86_64", "-M", "q35", "-cpu", "max", "-accel", "tcg,thread=multi,tb-size=512", "-smp", "2", "-m", "1024",
                "-display", "none", "-monitor", "none", "-no-reboot",
                "-kernel", self.guest / "vmlinux", "-initrd", self.guest / "initrd",
                "-append", "console=ttyS0 quiet panic=-1 mitigations=off random.trust_cpu=on",
                "-drive", f"file={self.guest}/root.img,format=raw,if=virtio,snapshot=on",
                "-drive", f"file={self.shared},format=raw,if=virtio,readonly=on",
                "-nic", "none", "-serial", f"file:{self.place}/console.log",
                *behind_socket("agent"), "-device", "virtio-serial-pci", "-device", "virtserialport,chardev=agent,name=edgehub.agent",
                *behind_socket("line"), "-device", "isa-serial,chardev=line",
                # Plugged while somebody is connected to its socket.
                *behind_socket("usb"), "-device", "qemu-xhci", "-device", "usb-serial,chardev=usb,serial=BENCH"]

    def connect(self, name):
        """A connection to what is behind NAME in the machine."""
        end = time.monotonic() + 10
        while True:
            try:
                connection = socket.socket(socket.AF_UNIX)
                connection.connect(f"{self.place}/{name}.socket")
                return connection
            except OSError:
                connection.close()
                if time.monotonic() > end or self.process.poll() is not None:
                    raise
                time.sleep(0.05)

    def run(self, script, seconds=SCRIPT_SECONDS):
        """Runs a script in the guest; its exit code and what it printed, both streams in one."""
        self.agent.sendall(base64.b64encode(script.encode()) + b"\n")
        printed, code = self.listen(b"\1ENDED", seconds)
        return int(code), printed

    def must(self, script, seconds=SCRIPT_SECONDS):
        """As run, for a script that must end with 0; what it printed."""
        code, printed = self.run(script, seconds)
        if code != 0:
            raise AssertionError(f"in the machine: {script}\nended with {code}:\n{printed}")
        return printed

    def listen(self, mark, seconds):
        end, heard = time.monotonic() + seconds, b""
        while True:
            before, found, after = heard.partition(mark)
            if found and b"\n" in after:
                return before.decode(errors="replace"), after.split(b"\n")[0].decode()
            self.agent.settimeout(max(0.01, end - time.monotonic()))
            try:
                more = self.agent.recv(65536)
            except TimeoutError:
                raise MachineError(f"its agent said nothing for {seconds} s") from None
            if not more:
                raise MachineError("it is gone")
            heard += more

    def console(self):
        return "\n".join((self.place / name).read_text(errors="replace")[-4000:] for name in ("console.log", "qemu.log") if (self.place / name).exists())

    def stop(self):
        if self.agent:
            self.agent.close()
        if self.process:
            self.process.kill()
            self.process.wait()
        self.agent = self.process = None
