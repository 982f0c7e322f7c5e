"""Turns a terminal's screen with its colours (tmux capture-pane -e) into a page for a picture of it.

watch.py TITLE <screen >page.html
"""

import html
import re
import sys

# Foreground colours by their SGR numbers: dark enough a screen, pale enough to read.
COLOURS = {30: "#5c6370", 31: "#f0707a", 32: "#8fd18a", 33: "#e8c07d", 34: "#6fb3f2", 35: "#c792ea", 36: "#5fd0d0",
           37: "#d7dce4", 90: "#7f8896", 91: "#ff8b94", 92: "#a6e3a1", 93: "#f6d58f", 94: "#8cc4ff", 95: "#dcaeff",
           96: "#86e8e8", 97: "#ffffff"}
CUBE = [0, 95, 135, 175, 215, 255]

PAGE = """<!doctype html><meta charset="utf-8"><style>
* {{ margin: 0 }}
body {{ background: #0d1117; padding: 20px; width: max-content; font-size: 15px }}
main {{ background: #161b22; border: 1px solid #30363d; border-radius: 10px; overflow: hidden }}
header {{ font: 13px "DejaVu Sans", sans-serif; color: #8b949e; padding: 9px 14px; background: #1c2129;
  border-bottom: 1px solid #30363d; display: flex; align-items: center; gap: 7px }}
header i {{ width: 11px; height: 11px; border-radius: 50% }}
header span {{ margin-left: 10px }}
pre {{ font: 15px/1.56 "JetBrains Mono", "DejaVu Sans Mono", monospace; color: #d7dce4; padding: 10px 18px 10px;
  font-variant-ligatures: none }}
</style><main><header><i style="background:#ff5f57"></i><i style="background:#febc2e"></i>
<i style="background:#28c840"></i><span>{title}</span></header><pre>{screen}</pre></main>"""


def colour(numbers):
    """The colour behind 38: one of 256, or red, green and blue."""
    if numbers[0] == 2:
        return "#%02x%02x%02x" % tuple(numbers[1:4]), numbers[4:]
    index = numbers[1]
    if index < 16:
        return COLOURS[30 + index if index < 8 else 82 + index], numbers[2:]
    if index < 232:
        index -= 16
        return "#%02x%02x%02x" % (CUBE[index // 36], CUBE[index // 6 % 6], CUBE[index % 6]), numbers[2:]
    return "#%02x%02x%02x" % ((8 + 10 * (index - 232),) * 3), numbers[2:]


def style(state, sequence):
    numbers = [int(number or 0) for number in re.split("[;:]", sequence)]
    while numbers:
        number, numbers = numbers[0], numbers[1:]
        if number == 0:
            state.clear()
        elif number == 1:
            state["font-weight"] = "700"
        elif number == 2:
            state["opacity"] = ".62"
        elif number == 22:
            state.pop("font-weight", None), state.pop("opacity", None)
        elif number == 7:
            state["filter"] = "invert(1)"
        elif number == 27:
            state.pop("filter", None)
        elif number in (38, 48) and len(numbers) > 1:
            state["color" if number == 38 else "background"], numbers = colour(numbers)
        elif number == 39:
            state.pop("color", None)
        elif number == 49:
            state.pop("background", None)
        elif number in COLOURS:
            state["color"] = COLOURS[number]


def main():
    state, out = {}, []
    for i, part in enumerate(re.split("\x1b\\[([0-9;:]*)m", sys.stdin.read().rstrip("\n"))):
        if i % 2:
            style(state, part)
        elif part:
            css = ";".join(f"{name}:{value}" for name, value in state.items())
            out.append(f'<span style="{css}">{html.escape(part)}</span>' if css else html.escape(part))
    lines = "".join(out).split("\n")
    print(PAGE.format(title=html.escape(sys.argv[1]), screen="\n".join(line.rstrip() for line in lines)))


main()
