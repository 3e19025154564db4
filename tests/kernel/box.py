"""The box in the machine, as a technician sees it: the commands of docs/technician.md, edgehub status, systemctl; and the bench's wires."""
import json, pathlib, re, time

# What a box does in ten seconds takes an emulated one on a busy host a hundred.
PATIENCE_SECONDS = 120
# ok, or degraded: this box has no city.
ANSWERED = (0, 1)


class Box:
    def __init__(self, machine):
        self.machine = machine
        self.native = machine.run("test -e /kit/native/edgehub")[0] == 0
        # The same command, and emulated a native program starts in a fraction of the time.
        self.asking = "/kit/native/edgehub" if self.native else "edgehub"

    def bench(self, parts):
        """Wires the bench."""
        chip = self.machine.must("/lab/bench").strip()
        assert chip == "gpiochip0", f"the bench's GPIO chip is {chip}"
        for address, registers in parts.items():
            for register, data in registers:
                self.i2c(f"set {address:x} {register:x} {data.hex()}")

    def i2c(self, order):
        self.machine.must(f"echo '{order}' > /lab/i2c")

    def pull(self, line, level):
        self.machine.must(f"echo pull-{'up' if level else 'down'} > /lab/lines/sim_gpio{line}/pull")

    def level(self, line):
        return int(self.machine.must(f"cat /lab/lines/sim_gpio{line}/value"))

    def install(self, guide):
        """Runs the technician's commands as they stand in the guide."""
        commands = re.search(r"^```sh\n(.*?)^```", pathlib.Path(guide).read_text(), re.M | re.S).group(1).splitlines()
        assert commands[-1] == "edgehub status"
        for command in commands[:-1]:
            self.machine.must(f"cd /kit && {command}")
        self.until("edgehub status", lambda _: self.machine.run("edgehub status")[0] in ANSWERED)

    def start_native(self):
        """The same daemon as a native program, with the library that it has beside it."""
        self.machine.must("systemctl stop edgehub && install -m 0755 /kit/native/* /usr/local/bin && systemctl start edgehub")

    def unit(self, name):
        return self.machine.must(f"systemctl show --value -p {name} edgehub").strip()

    def status(self):
        code, printed = self.machine.run(f"{self.asking} status --json")
        return json.loads(printed) if code in ANSWERED else None

    def until(self, what, judge, seconds=PATIENCE_SECONDS):
        """Waits until the status is as it should be; the status."""
        end = time.monotonic() + seconds
        while True:
            status = self.status()
            if status and judge(status):
                return status
            if time.monotonic() > end:
                raise AssertionError(f"after {seconds} s not yet: {what}\n{json.dumps(status, indent=1)}")

    def until_value(self, sensor, quantity, value, tolerance=0.005):
        def judge(status):
            shown = stream(status, sensor, quantity)
            return shown["value"] is not None and abs(shown["value"] - value) <= tolerance
        return self.until(f"{sensor} {quantity} is {value}", judge)

    def until_state(self, sensor, state):
        return self.until(f"{sensor} is {state}", lambda status: sensor_of(status, sensor)["state"] == state)


def sensor_of(status, sensor):
    return next(report for report in status["sensors"] if report["id"] == sensor)


def stream(status, sensor, quantity):
    return next(report for report in sensor_of(status, sensor)["streams"] if report["quantity"] == quantity)
