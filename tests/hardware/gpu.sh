#!/usr/bin/env bash
# Shows on a machine with a real GPU what the monitor says of it, beside what the vendor's own tool says. Needs a Java
# runtime and the exported jar; nvidia-smi or amd-smi are compared with where they are, and PyTorch or CuPy make a load.
#   tests/hardware/gpu.sh EnergyMonitor.jar nvidia|amd [SECONDS]
# Keep what it prints, with its figures, as a fixture of that machine.
set -uo pipefail
if [ $# -lt 2 ] || [ ! -f "$1" ]; then sed -n 2,6p "$0" >&2; exit 2; fi
jar=$1 vendor=$2 seconds=${3:-10}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
monitor=(java --enable-native-access=ALL-UNNAMED -jar "$jar")
failed=0
stream_seconds=$((seconds < 3 ? seconds : 3))

title() { printf '\n== %s\n' "$1"; }

# A load on every GPU that comes and goes, or a pause where nothing can make one.
if python3 -c 'import torch; assert torch.cuda.is_available()' 2>"$work/no-torch"; then
  load="python3 -c 'import time, torch
a = [torch.rand(8192, 8192, device=f\"cuda:{i}\") for i in range(torch.cuda.device_count())]
end = time.time() + $seconds
while time.time() < end:
    stop = time.time() + 0.3
    while time.time() < stop:
        b = [x @ x for x in a]
        torch.cuda.synchronize()
    time.sleep(0.3)'"
  load_name="PyTorch, 0.3 s of work and 0.3 s of rest"
elif python3 -c 'import cupy; cupy.zeros(1)' 2>"$work/no-cupy"; then
  load="python3 -c 'import time, cupy
a = cupy.random.rand(8192, 8192, dtype=cupy.float32)
end = time.time() + $seconds
while time.time() < end:
    stop = time.time() + 0.3
    while time.time() < stop:
        a @ a
        cupy.cuda.Stream.null.synchronize()
    time.sleep(0.3)'"
  load_name="CuPy, 0.3 s of work and 0.3 s of rest, on the first GPU"
else
  load="sleep $seconds"
  load_name="none: neither PyTorch nor CuPy can use a GPU here"
fi

# What the vendor's tool says while something runs; its watts are those of this moment where it has them.
smi=none
if [ "$vendor" = nvidia ] && command -v nvidia-smi >/dev/null; then
  smi=nvidia-smi
  smi_log() { exec nvidia-smi --query-gpu=uuid,power.draw.instant --format=csv,noheader,nounits -lms 20; }
elif [ "$vendor" = amd ] && command -v amd-smi >/dev/null; then
  smi=amd-smi
  smi_log() { exec amd-smi metric --power --csv --watch 1; }
fi

title "machine"
date -u
uname -srm
java -version 2>&1 | head -n 1
"${monitor[@]}" --version
case $smi in
  nvidia-smi) nvidia-smi --query-gpu=index,name,uuid,driver_version,power.draw,enforced.power.limit,memory.used,memory.total,temperature.gpu --format=csv ;;
  amd-smi) amd-smi static --asic --driver --csv; amd-smi metric --power --energy --temperature --mem-usage --csv ;;
  none) echo "neither nvidia-smi nor amd-smi: nothing to compare with" ;;
esac

title "doctor"
"${monitor[@]}" doctor --collector "$vendor" || failed=1

title "streams"
for interval in 1 5 20 50; do
  if "${monitor[@]}" record --collector "$vendor" --no-auxiliary --interval-ms $interval --duration ${stream_seconds}s \
    "$work/$interval.jsonl" 2>"$work/record"; then
    echo "every $interval ms: $(wc -l <"$work/$interval.jsonl") readings in $stream_seconds s"
  else
    cat "$work/record"
    failed=1
  fi
done
[ -s "$work/50.jsonl" ] && { echo "the last one:"; tail -n 1 "$work/50.jsonl"; }

title "what the counters do, for $seconds s at rest"
java --enable-native-access=ALL-UNNAMED -cp "$jar" cli.doctor.CounterProbe "$vendor" "$seconds" || failed=1

title "measure, with the load: $load_name"
if [ $smi != none ]; then
  smi_log >"$work/smi" 2>"$work/smi-errors" &
  smi_pid=$!
fi
java --enable-native-access=ALL-UNNAMED -cp "$jar" cli.doctor.CounterProbe "$vendor" "$seconds" >"$work/probe" 2>&1 &
probe=$!
"${monitor[@]}" measure --collector "$vendor" --no-auxiliary -- bash -c "$load" || failed=1
wait $probe || failed=1
if [ $smi != none ]; then
  kill $smi_pid
  wait $smi_pid 2>"$work/ended"
fi
echo "at the same time, by looks of its own:"
cat "$work/probe"
if [ $smi = nvidia-smi ]; then
  awk -F', ' -v seconds="$seconds" '$2 + 0 > 0 { sum[$1] += $2; count[$1]++ }
    END { for (gpu in sum) printf "nvidia-smi: %s, %d looks, mean %.1f W\n", gpu, count[gpu], sum[gpu] / count[gpu] }' "$work/smi"
elif [ $smi = amd-smi ]; then
  cat "$work/smi"
fi

title "$([ $failed = 0 ] && echo done || echo "something failed: see above")"
exit $failed
