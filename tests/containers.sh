#!/bin/bash
# Builds the Dockerfile's three targets and lets them pass readings: sensors in one container, the bridge in another, the box in a third, each by
# the entry point, user and environment of its image. No registry is asked: the bases are made here of Debian's packages and this machine's .NET,
# and the packages of NuGet are those that this machine has restored already.
# Usage: tests/containers.sh     needs root; ends with 78 where buildah cannot build in a chroot: then nothing is proven
set -euo pipefail
cd "$(dirname "$0")/.."
for tool in buildah debootstrap dotnet python3; do
    command -v $tool > /dev/null || { echo "NOT PROVEN: images need $tool: apt-get install buildah debootstrap python3" >&2; exit 78; }
done
[ "$(id -u)" = 0 ] || { echo "NOT PROVEN: making base images needs root" >&2; exit 78; }

scratch=$(mktemp -d)
chmod 0755 "$scratch"
export BUILDAH_ISOLATION=chroot
images=(buildah --root "$scratch/images" --runroot "$scratch/running")
started=()
# Asks the program at the end of a chain of processes to stop; those before it end with it.
stop() {
    local children child
    children=$(cat "/proc/$1"/task/*/children 2> /dev/null || true)
    [ -n "$children" ] || { kill "$1" 2> /dev/null || true; }
    for child in $children; do stop "$child"; done
}
finish() {
    for process in "${started[@]}"; do
        stop "$process"
    done
    wait
    "${images[@]}" rm --all > /dev/null 2>&1 || true
    rm -rf --one-file-system "$scratch"
}
trap finish EXIT
fail() {
    echo "containers: $1" >&2
    tail -n 20 "$scratch"/*.log >&2
    exit 1
}

# A base image NAME of the bare Debian and the named parts of this machine's .NET.
base() {
    local name=$1 part dotnet container
    shift
    dotnet=$(dirname "$(realpath "$(command -v dotnet)")")
    container=$("${images[@]}" from scratch)
    "${images[@]}" add -q "$container" "$scratch/debian" / > /dev/null
    for part; do
        "${images[@]}" add -q "$container" "$dotnet/$part" "/usr/share/dotnet/$part" > /dev/null
    done
    # No ICU in a bare Debian, and nothing here sorts text.
    "${images[@]}" config --env PATH=/usr/share/dotnet:/usr/sbin:/usr/bin:/sbin:/bin --env DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 "$container"
    "${images[@]}" commit -q --rm "$container" "localhost/$name" > /dev/null
}

# The command line of an image: its entry point, then the arguments.
entry_of() {
    "${images[@]}" inspect --type image "localhost/edgehub-$1" | python3 -c 'import json, sys; print("\n".join(json.load(sys.stdin)["OCIv1"]["config"]["Entrypoint"]))'
}

# Runs TARGET in its container with OPTIONS (up to --) and arguments behind its entry point, as its user.
inside() {
    local target=$1 options=() entry
    shift
    while [ "$1" != -- ]; do options+=("$1") && shift; done
    shift
    mapfile -t entry < <(entry_of "$target")
    "${images[@]}" run "${options[@]}" "edgehub-$target" -- "${entry[@]}" "$@"
}

await() {
    local what=$1
    shift
    for _ in $(seq 300); do
        "$@" && return
        sleep 0.2
    done
    fail "waited 60 s for $what"
}

begun=$SECONDS
tests/debian-root.sh "$scratch/debian" ca-certificates,libssl3,libstdc++6,zlib1g
base runtime dotnet host shared
probe=$("${images[@]}" from --pull-never localhost/runtime)
"${images[@]}" run "$probe" -- true 2> "$scratch/probe.log" || { echo "NOT PROVEN: on this machine buildah cannot run a program in a chroot: $(tail -n 1 "$scratch/probe.log")" >&2; exit 78; }
"${images[@]}" rm "$probe" > /dev/null
base sdk dotnet host shared sdk packs sdk-manifests templates
echo "containers: bases, $((SECONDS - begun)) s"

begun=$SECONDS
packages=$(dotnet nuget locals global-packages --list | sed 's/^[^:]*: *//')
for target in edge cloud-bridge device-sims; do
    "${images[@]}" bud --pull-never --layers --target "$target" --build-arg SDK_IMAGE=localhost/sdk --build-arg RUNTIME_IMAGE=localhost/runtime \
        --volume "$packages:/root/.nuget/packages" -t "localhost/edgehub-$target" . > "$scratch/build-$target.log" 2>&1 || fail "the target $target does not build"
    "${images[@]}" from --pull-never --name "edgehub-$target" "localhost/edgehub-$target" > /dev/null
done
echo "containers: three images, $((SECONDS - begun)) s"
"${images[@]}" images --format '{{.Name}} {{.Size}}' | grep edgehub-

for target in edge cloud-bridge device-sims; do
    inside $target -- --version || fail "$target tells no version"
    [ "$("${images[@]}" run "edgehub-$target" -- id -u)" = 10017 ] || fail "$target runs as the wrong user"
done
# The image's own /data, where no volume is mounted over it.
for target in edge cloud-bridge; do
    "${images[@]}" run edgehub-$target -- touch /data/writable || fail "$target cannot write to /data"
done

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
install -d -o 10017 -g 10017 "$scratch"/{ports,edge,bridge}
cat > "$scratch/edgehub-bridge.json" << JSON
{ "http": { "listen": "127.0.0.1:0" }, "broker": { "kind": "embedded", "listen": "127.0.0.1:$port" } }
JSON
cat > "$scratch/edgehub.json" << JSON
{ "gateway": { "id": "container-box", "site": "bench" }, "http": { "listen": "127.0.0.1:0" }, "uplink": { "broker": "mqtt://127.0.0.1:$port" },
  "sensors": [
    { "id": "air", "driver": "pms5003", "port": "serial:/ports/ttyPM0" },
    { "id": "weather", "driver": "modbus", "port": "serial:/ports/ttyBUS0", "address": 1, "profile": "weather-station" } ] }
JSON
edge=(-v "$scratch/edgehub.json:/etc/edgehub/edgehub.json:ro" -v "$scratch/edge:/data" -v "$scratch/ports:/ports")
inside device-sims -v "$scratch/ports:/ports" -- run --dir /ports --json > "$scratch/sims.log" 2>&1 < /dev/null &
started+=($!)
inside cloud-bridge -v "$scratch/edgehub-bridge.json:/etc/edgehub/edgehub-bridge.json:ro" -v "$scratch/bridge:/data" -- run > "$scratch/bridge.log" 2>&1 < /dev/null &
started+=($!)
await "the simulators" test -s "$scratch/sims.log"
inside edge "${edge[@]}" -- check || fail "check ended with $?"
inside edge "${edge[@]}" -- run > "$scratch/edge.log" 2>&1 < /dev/null &
box=$!
started+=($box)

stored() {
    python3 - "$scratch/bridge" << 'PY'
import glob, sqlite3, sys
try:
    store = sqlite3.connect(f'file:{glob.glob(sys.argv[1] + "/*.db")[0]}?mode=ro', uri=True)
    rows = dict(store.execute("select sensor, count(*) from reading where gateway = 'container-box' and value is not null group by sensor"))
except (IndexError, sqlite3.OperationalError):
    sys.exit(1)
print(f'containers: stored readings by sensor {rows}') if min(rows.get('air', 0), rows.get('weather', 0)) >= 50 else sys.exit(1)
PY
}
await "50 stored readings of each sensor" stored
"${images[@]}" run "${edge[@]}" edgehub-edge -- edgehub status || fail "the box in its container ended status with $?"
stop $box
code=0
wait $box || code=$?
[ "$code" = 0 ] || fail "the box in its container ended with $code"
