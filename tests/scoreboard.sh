#!/bin/bash
# Runs every campaign of the scoreboard and the drills (as root), or those named, keeps the last line of each and the drills' JUnit file
# as results, and writes the page anew. The drills go by the name "drills".
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
if [ $# = 0 ] || [[ " $* " = *" drills "* ]]; then
    dotnet build EdgeHub.sln -v q || exit 1
    report=$(mktemp -d)
    artifacts/bin/EdgeHub.DeviceSims/debug/edgehub-sims drill all --report "$report" || code=1
    cp "$report/drills.xml" $results/
    rm -r "$report"
fi
$simulation scoreboard $results > docs/reliability.md
exit $code
