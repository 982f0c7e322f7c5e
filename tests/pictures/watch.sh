#!/usr/bin/env bash
# Makes docs/watch.png: the live view of docs/demo.parquet, a minute after its begin. watch.sh MONITOR...: the command
# that starts the monitor. Needs tmux, python3, chromium and pngquant, and the font JetBrains Mono to look as it does.
set -euo pipefail
cd "$(dirname "$0")/../.."
folder=$(mktemp -d)
tmux=(tmux -u -S "$folder/tmux")
trap '"${tmux[@]}" kill-server 2>/dev/null || true; rm -rf "$folder"' EXIT
env TERM=xterm-256color COLORTERM=truecolor "${tmux[@]}" new-session -d -s picture -x 112 -y 18 \
    "$* watch --collector replay:docs/demo.parquet"
sleep "${SECONDS_IN:-75}"
"${tmux[@]}" capture-pane -e -p -t picture >"$folder/screen"
python3 tests/pictures/watch.py 'energy-monitor watch' <"$folder/screen" >"$folder/page.html"
chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --force-device-scale-factor=2 \
    --user-data-dir="$folder/profile" --screenshot="$folder/big.png" --window-size=1086,519 \
    "file://$folder/page.html" >"$folder/chromium.log" 2>&1
pngquant --force --quality 80-100 --speed 1 --output docs/watch.png "$folder/big.png"
