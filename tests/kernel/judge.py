"""A box on a real kernel under a real systemd, judged by the values that its daemon reports. Usage: judge.py GUEST KIT-IMAGE SCRATCH"""
import pathlib, re, sys, time
import doubles
from box import Box, sensor_of, stream
from machine import Machine, MachineError

NOT_PROVEN = 78
GUIDE = pathlib.Path(__file__).parents[2] / "docs" / "technician.md"
DOOR, FLOOD, RAIN, SIREN = 1, 2, 3, 4
# The debounce of the bench is 200 ms; emulated time runs unevenly, so a level that shall count stands much longer.
STAND_SECONDS = 3
# As systemd-analyze counts: 0 is closed, 10 open.
SCORE_MAX = 1.5
BRIEF = """
# Until a hung daemon is killed: the unit's own time is 30 s. The bus is no i2c-dev but a process of the test.
[Service]
TimeoutAbortSec=3
DeviceAllow=char-i2c-7 rw
"""


def a_technician_installs_it_and_the_unit_is_ready(box):
    box.machine.must(f"mkdir -p /etc/systemd/system/edgehub.service.d && cat > /etc/systemd/system/edgehub.service.d/test.conf << 'END'\n{BRIEF}\nEND")
    box.install(GUIDE)
    assert (box.unit("ActiveState"), box.unit("SubState"), box.unit("NotifyAccess")) == ("active", "running", "main")
    assert box.machine.must("stat -c %U /proc/$(systemctl show --value -p MainPID edgehub)").strip() == "edgehub"


def each_sensor_says_what_is_on_its_wire(box):
    for sensor, quantity, value in [
            ("door", "open", 0), ("flood", "wet", 0), ("siren", "state", 1),
            ("weather", "temperature", 25.08), ("greenhouse", "temperature", 21.5), ("greenhouse", "humidity", 40),
            ("light", "illuminance", 1000), ("board", "temperature", 25.5), ("air", "pm2_5", 35), ("water", "level", 1234.5)]:
        status = box.until_value(sensor, quantity, value)
    # The data sheet's example is of the floating formula.
    box.until_value("weather", "pressure", 100653.27, tolerance=0.03)
    assert stream(status, "weather", "humidity")["value"] is None, "the chip skipped humidity, and there is a value of it"


def as_a_native_program_it_says_the_same(box):
    if box.native:
        box.start_native()
        each_sensor_says_what_is_on_its_wire(box)


def a_contact_is_reported_when_it_changes(box):
    box.pull(DOOR, True)
    box.until_value("door", "open", 1)
    box.pull(FLOOD, False)
    box.until_value("flood", "wet", 1)
    box.pull(DOOR, False)
    box.until_value("door", "open", 0)


def pulses_are_counted_and_bounces_are_not(box):
    before = stream(box.status(), "rain", "rain_total")["value"]
    # The kernel keeps 16 edges of a line for a reader that is late.
    bounce = "for i in 1 2 3 4 5; do echo pull-up > pull; echo pull-down > pull; done"
    box.machine.must(f"cd /lab/lines/sim_gpio{RAIN}; for n in 1 2 3; do {bounce}; echo pull-up > pull; sleep {STAND_SECONDS}; {bounce}; sleep {STAND_SECONDS}; done")
    box.until_value("rain", "rain_total", before + 0.6)
    time.sleep(3)
    box.until_value("rain", "rain_total", before + 0.6)


def an_output_is_safe_switched_and_safe_again(box):
    assert box.level(SIREN) == 1, "the siren's line is not at its safe level"
    box.machine.must("edgehub output siren off --for 600s")
    box.until_value("siren", "state", 0)
    assert box.level(SIREN) == 0, "the siren is off and its line is high"
    box.machine.must("edgehub output siren on")
    box.until_value("siren", "state", 1)
    assert box.level(SIREN) == 1, "the siren is on and its line is low"


def a_part_that_leaves_the_bus_is_silent_and_comes_back(box):
    box.i2c("gone 76")
    status = box.until_state("weather", "silent")
    assert "0x76" in sensor_of(status, "weather")["sentence"]
    box.i2c("set 23 20 0258")
    box.until_value("light", "illuminance", 500)
    box.i2c("back 76")
    box.until_state("weather", "ok")


def an_unplugged_adapter_is_waited_for_and_comes_back(box):
    box.water.unplug()
    status = box.until_state("water", "waiting")
    assert sensor_of(status, "air")["state"] in ("ok", "warming-up"), "a port that is gone takes the others with it"
    box.water = doubles.Talker(box.machine.connect("usb"), doubles.line(987))
    box.until_value("water", "level", 987)


def a_daemon_that_hangs_is_killed_and_started_again_and_the_total_goes_on(box):
    total = stream(box.status(), "rain", "rain_total")["value"]
    process, restarts = box.unit("MainPID"), int(box.unit("NRestarts"))
    box.machine.must(f"kill -STOP {process}")
    box.until("the watchdog has started it again", lambda _: int(box.unit("NRestarts")) == restarts + 1 and box.unit("MainPID") != process)
    box.until_value("rain", "rain_total", total)
    box.until_value("air", "pm2_5", 35)


def what_warns_is_found_by_its_priority(box):
    assert "nobody listens" in box.machine.must("journalctl -b --no-pager -o cat -u edgehub -p warning"), "the journal has no warning of a box whose broker is away"


def the_bridge_is_installed_and_starts_meanwhile(box):
    box.machine.must("install -m 0755 /kit/edgehub-bridge /usr/local/bin/edgehub-bridge && install -m 0644 /kit/deploy/edgehub-bridge.service /etc/systemd/system/edgehub-bridge.service"
                 " && install -D -m 0644 /kit/deploy/edgehub-bridge.sysusers.conf /usr/lib/sysusers.d/edgehub-bridge.conf && systemd-sysusers edgehub-bridge.conf"
                     # It unpacks and compiles itself at its first start: for an emulated machine on a busy host the unit's two minutes are short.
                     " && mkdir -p /etc/systemd/system/edgehub-bridge.service.d && printf '[Service]\\nTimeoutStartSec=280\\n' > /etc/systemd/system/edgehub-bridge.service.d/test.conf"
                     " && systemctl daemon-reload && systemctl enable -q --now --no-block edgehub-bridge")


def the_bridge_stores_what_the_box_sends_under_its_own_unit(box):
    machine = box.machine
    # Type=notify: it returns when the bridge says that it is ready.
    machine.must("systemctl start edgehub-bridge")
    assert machine.must("stat -c %U /proc/$(systemctl show --value -p MainPID edgehub-bridge)").strip() == "edgehub-bridge"
    for page in ("healthz", "readyz"):
        answer = machine.must(f"exec 3<> /dev/tcp/127.0.0.1/9465; printf 'GET /{page} HTTP/1.0\\r\\n\\r\\n' >&3; head -n 1 <&3")
        assert " 200 " in answer, f"/{page} answers {answer}"
    box.until("the city has acked what was recorded", lambda status: status["uplink"]["lastAckAgeMs"] is not None)
    assert machine.must("stat -c '%a %U' /var/lib/edgehub-bridge").split() == ["700", "edgehub-bridge"]
    score = float(re.search(r"exposure level for edgehub-bridge.service: ([0-9.]+)", machine.must("systemd-analyze security --no-pager edgehub-bridge.service")).group(1))
    assert score <= SCORE_MAX, f"the bridge's sandbox scores {score}"
    machine.must("systemctl stop edgehub-bridge")
    how = [machine.must(f"systemctl show --value -p {name} edgehub-bridge").strip() for name in ("Result", "ExecMainCode", "ExecMainStatus", "NRestarts")]
    assert how == ["success", "1", "0", "0"], f"the bridge was stopped, and ended so: {how}"


def a_stop_amid_a_storm_of_edges_is_clean(box):
    storm = f"cd /lab/lines; while true; do for line in {DOOR} {RAIN}; do echo pull-up > sim_gpio$line/pull; echo pull-down > sim_gpio$line/pull; done; done"
    box.machine.must(f"setsid bash -c '{storm}' > /dev/null 2>&1 & echo $! > /lab/storm")
    try:
        for _ in range(3):
            box.machine.must("systemctl stop edgehub")
            how = [box.unit(name) for name in ("Result", "ExecMainCode", "ExecMainStatus")]
            assert how == ["success", "1", "0"], f"it was stopped, and ended so: {how}"
            box.machine.must("systemctl start edgehub")
    finally:
        box.machine.must("kill $(cat /lab/storm)")
    box.until_state("door", "ok")


def what_was_read_is_recorded(box):
    status = box.until("readings are recorded", lambda status: status["spool"]["recordedReadings"] > 100)
    assert status["spool"]["recordedReadings"] > 100
    assert box.machine.must("stat -c '%a %U' /var/lib/edgehub; stat -c '%a %G' /run/edgehub/edgehub.sock").split() == ["700", "edgehub", "660", "edgehub"]


STORY = [a_technician_installs_it_and_the_unit_is_ready, each_sensor_says_what_is_on_its_wire, as_a_native_program_it_says_the_same, a_contact_is_reported_when_it_changes, pulses_are_counted_and_bounces_are_not,
         an_output_is_safe_switched_and_safe_again, a_part_that_leaves_the_bus_is_silent_and_comes_back, an_unplugged_adapter_is_waited_for_and_comes_back,
         the_bridge_is_installed_and_starts_meanwhile, a_daemon_that_hangs_is_killed_and_started_again_and_the_total_goes_on, what_was_read_is_recorded, what_warns_is_found_by_its_priority, the_bridge_stores_what_the_box_sends_under_its_own_unit, a_stop_amid_a_storm_of_edges_is_clean]


def main(guest, kit, scratch):
    begun = time.monotonic()
    machine = Machine(guest, pathlib.Path(scratch), kit)
    try:
        machine.boot()
    except MachineError as e:
        print(f"NOT PROVEN: here is no machine to judge: {e}", file=sys.stderr)
        return NOT_PROVEN
    try:
        print(f"kernel: {machine.must('uname -sr').strip()}, up after {time.monotonic() - begun:.0f} s", flush=True)
        machine.must("mkdir -p /kit && mount -o ro /dev/vdb /kit")
        tell(Box(machine))
        return 0
    except (AssertionError, MachineError) as e:
        print(f"kernel: NOT: {e}\n{machine.console()}", file=sys.stderr)
        return 1
    finally:
        machine.stop()


def tell(box):
    box.bench({0x76: doubles.bme280(), 0x44: doubles.sht3x(21.5, 40), 0x23: doubles.bh1750(1000)})
    doubles.Talker(box.machine.connect("line"), doubles.pms5003(35))
    box.water = doubles.Talker(box.machine.connect("usb"), doubles.line(1234.5))
    for chapter in STORY:
        begun, name = time.monotonic(), chapter.__name__.replace("_", " ")
        try:
            chapter(box)
        except AssertionError as e:
            raise AssertionError(f"{name}: {e}\n{box.machine.run('journalctl -b --no-pager -u edgehub -u edgehub-bridge -n 30')[1]}") from e
        print(f"kernel: {name} ({time.monotonic() - begun:.0f} s)", flush=True)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
