#!/usr/bin/env bash
# Makes docs/demo.parquet: a made-up server of eight GPUs and two CPUs, by the fake NVML and made-up files of the kernel,
# recorded for two minutes with what is being tested. demo.sh MONITOR...: the command that starts the monitor.
set -euo pipefail
cd "$(dirname "$0")/../.."
folder=$(mktemp -d)
trap 'kill "$machine" 2>/dev/null || true; rm -rf "$folder"' EXIT
cc -shared -fPIC -O1 -o "$folder/libnvidia-ml.so.1" tests/fixtures/nvml/fake_nvml.c -lpthread
python3 tests/fixtures/nvml/demo_machine.py "$folder" 145 >"$folder/log" &
machine=$!
until grep -q ready "$folder/log"; do sleep 0.1; done
env LD_LIBRARY_PATH="$folder" FAKE_NVML_CONTROL="$folder/control" \
    FAKE_NVML='gpus=8;energy_publish_ms=100;memory_reserved=0;call_us=20' \
    "$@" record --path.sysfs "$folder/sys" --path.procfs "$folder/proc" --devices all --interval-ms 200 --duration 2m --force docs/demo.parquet
