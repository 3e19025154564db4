#!/bin/bash
# Runs every campaign of the scoreboard, or those named, keeps the last line of each as its result, and writes the page anew.
set -uo pipefail
cd "$(dirname "$0")/.."
dotnet build tests/EdgeHub.Simulation -c Release -v q || exit 1
simulation=artifacts/bin/EdgeHub.Simulation/release/EdgeHub.Simulation
results=docs/reliability
mkdir -p $results
code=0
while read -r name arguments; do
    [ $# = 0 ] || [[ " $* " = *" $name "* ]] || continue
    echo "== $name: $arguments"
    eval "$simulation $arguments" < /dev/null > $results/.running || code=1
    tail -1 $results/.running > $results/$name.json
done < <($simulation campaigns)
rm -f $results/.running
$simulation scoreboard $results > docs/reliability.md
exit $code
