#!/usr/bin/env python3
"""A driver in a process of its own, as docs/drivers.md describes it.

It reads the box's load average; put your instrument in its place. In edgehub.json:

    { "id": "load", "driver": "process", "interval": "5s",
      "command": ["/usr/bin/python3", "/etc/edgehub/load-average.py"],
      "quantities": [ { "quantity": "load_1m", "unit": "1", "minimum": 0 } ] }
"""
import json
import select
import sys

greeting = json.loads(sys.stdin.readline())  # {"edgehub": 1, "sensor": "load", "interval_ms": 5000}
interval = greeting["interval_ms"] / 1000
print("reading for", greeting["sensor"], file=sys.stderr)  # goes into the daemon's log

while True:
    try:
        with open("/proc/loadavg", encoding="ascii") as file:
            line = {"values": {"load_1m": float(file.read().split()[0])}}
    except OSError as error:
        line = {"values": {"load_1m": None}, "fault": f"/proc/loadavg cannot be read ({error})."}
    print(json.dumps(line), flush=True)  # flush: a pipe is buffered otherwise
    ready, _, _ = select.select([sys.stdin], [], [], interval)
    if ready and not sys.stdin.readline():
        break  # standard input has ended: the daemon stops
