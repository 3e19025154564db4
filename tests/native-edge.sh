#!/bin/bash
# Runs an edge daemon, native or not, against simulated sensors and a bridge, all three as real processes from real configurations:
# it must record, forward, be acked, answer `status`, show its figures on /metrics and end with 0 on SIGTERM.
# Prints its size and its memory without files (RssAnon).
# Usage: tests/native-edge.sh PATH-OF-edgehub PATH-OF-edgehub-bridge PATH-OF-edgehub-sims
set -euo pipefail
[ $# = 3 ] || { echo "usage: $0 PATH-OF-edgehub PATH-OF-edgehub-bridge PATH-OF-edgehub-sims" >&2; exit 2; }
edge=$(realpath "$1") bridge=$(realpath "$2") sims=$(realpath "$3")
scratch=$(mktemp -d)
started=()
fail() {
    echo "native-edge: $1" >&2
    tail -n 15 "$scratch"/*.log >&2
    exit 1
}
finish() {
    for process in "${started[@]}"; do
        kill "$process" 2> /dev/null || true
    done
    wait
    rm -rf "$scratch"
}
trap finish EXIT

# Waits at most 60 s for a condition.
await() {
    local what=$1
    shift
    for _ in $(seq 300); do
        "$@" && return
        sleep 0.2
    done
    fail "waited 60 s for $what"
}

"$edge" --version
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
mkdir "$scratch/edge" "$scratch/bridge" "$scratch/sims"
cat > "$scratch/bridge.json" << JSON
{ "dataDirectory": "$scratch/bridge", "http": { "listen": "127.0.0.1:0" }, "broker": { "kind": "embedded", "listen": "127.0.0.1:$port" },
  "store": { "kind": "sqlite", "file": "$scratch/bridge/city.db" } }
JSON
cat > "$scratch/edge.json" << JSON
{ "gateway": { "id": "native-box", "site": "bench" }, "dataDirectory": "$scratch/edge", "http": { "listen": "127.0.0.1:0" },
  "uplink": { "broker": "mqtt://127.0.0.1:$port", "reconnectDelayMax": "2s" },
  "sensors": [
    { "id": "air", "driver": "pms5003", "port": "serial:$scratch/sims/ttyPM0" },
    { "id": "weather", "driver": "modbus", "port": "serial:$scratch/sims/ttyBUS0", "address": 1, "profile": "weather-station" },
    { "id": "noise", "driver": "modbus", "port": "serial:$scratch/sims/ttyBUS0", "address": 2, "profile": "noise-meter" } ] }
JSON
"$sims" run --dir "$scratch/sims" --json > "$scratch/sims.log" 2>&1 < /dev/null &
started+=($!)
"$bridge" run --config "$scratch/bridge.json" > "$scratch/bridge.log" 2>&1 < /dev/null &
started+=($!)
await "the simulators" test -s "$scratch/sims.log"
"$edge" run --config "$scratch/edge.json" > "$scratch/edge.log" 2>&1 < /dev/null &
daemon=$!
started+=("$daemon")

status() {
    "$edge" status --json --config "$scratch/edge.json" > "$scratch/status.json" 2> /dev/null || true
    python3 - "$scratch/status.json" << 'PY'
import json, sys
try:
    report = json.load(open(sys.argv[1]))
except ValueError:
    sys.exit(1)
valued = [stream for sensor in report['sensors'] for stream in sensor['streams'] if stream['value'] is not None]
sys.exit(0 if report['severity'] == 'ok' and report['spool']['recordedReadings'] > 500 and report['uplink']['lastAckAgeMs'] is not None and len(valued) > 15 else 1)
PY
}
await "500 recorded readings, an ack and every sensor's values" status
"$edge" status --config "$scratch/edge.json" || fail "status ended with $?"

page=$(grep -oE 'http://127[.0-9]+:[0-9]+' "$scratch/edge.log" | head -n 1)
curl -sf "$page/metrics" > "$scratch/metrics" || fail "no metrics page"
# Each of these must be shown with a value above 0.
for metric in edgehub_sensors_readings_sampled edgehub_spool_recorded_readings edgehub_spool_commits edgehub_spool_fsync_seconds_count \
    edgehub_uplink_connected edgehub_uplink_acks; do
    grep -E "^$metric(\{[^}]*\})? [0-9.e+]+" "$scratch/metrics" | grep -qvE ' 0$' || { grep '^edgehub' "$scratch/metrics" >&2 || true; fail "/metrics shows no $metric"; }
done
curl -sf "$page/healthz" > /dev/null || fail "not healthy"
curl -sf "$page/readyz" > /dev/null || fail "not ready"

anonymous=$(awk '/^RssAnon/ {print $2}' "/proc/$daemon/status")
resident=$(awk '/^VmRSS/ {print $2}' "/proc/$daemon/status")
kill -TERM "$daemon"
code=0
wait "$daemon" || code=$?
[ "$code" = 0 ] || fail "the daemon ended with $code"
echo "native-edge: $(stat -c %s "$edge") bytes, RssAnon $anonymous kB, VmRSS $resident kB, ended with 0"
