// The charts of power, utilization and memory over the last ten minutes, and the legend that belongs to all of them.
import {key, WINDOW_SECONDS} from "./page.history.js";
import {add, clock, duration, number, watts} from "./page.text.js";

const MIN_SECONDS = 30; // that a chart shows, however few there are yet
const MIN_SELECTION_PIXELS = 4;
const COLORS = 8;
const DASHES = [[], [7, 4], [2, 3]];
const SPOKEN_MS = 10000; // between two changes of what screen readers are told of a chart

const element = (id) => document.getElementById(id);
const last = (list) => list[list.length - 1] ?? null;
const above = (max) => (max > 0 ? max * 1.08 : 10);

const KINDS = [
  {id: "power", tick: (w) => `${number(w, 0)} W`, range: above},
  {id: "parts", column: "power", tick: (w) => `${number(w, 0)} W`, range: above},
  {id: "busy", column: "busy", tick: (p) => `${p} %`, range: () => 100},
  {id: "memory", column: "memory", tick: (g) => `${number(g, g % 1 === 0 ? 0 : 1)} GiB`, range: above},
];

export class Charts {
  constructor(history, interval) {
    this.history = history;
    this.interval = interval;
    this.plots = new Map();
    this.isDragging = false;
    this.readouts = [];
    this.spokenAt = 0;
    this.latest = null;
    this.cursor = null; // the time that is looked at; null: now
    this.legendRow("Total", "total", null, (reading) => reading.total.power_watts, history.total);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.rebuild());
    new ResizeObserver(() => this.resize()).observe(element("charts"));
    element("power").addEventListener("mousedown", () => { this.isDragging = true; });
    addEventListener("mouseup", () => { this.isDragging = false; });
    interval.onChange = () => this.mark();
    interval.onCursor = (index) => {
      const plot = this.plots.get("power");
      plot?.setCursor({left: plot.valToPos(this.history.times[index], "x"), top: 10});
    };
  }

  legendRow(title, className, entry, now, values) {
    const row = add(element("legend"), "li", {className});
    const label = add(row, "label", {});
    if (entry !== null) {
      const box = add(label, "input", {type: "checkbox", checked: entry.shown});
      box.addEventListener("change", () => {
        entry.shown = box.checked;
        this.rebuild();
      });
      const focus = (isOn) => this.focus(isOn ? entry : null);
      ["mouseenter", "focusin"].forEach((type) => row.addEventListener(type, () => focus(true)));
      ["mouseleave", "focusout"].forEach((type) => row.addEventListener(type, () => focus(false)));
    }
    add(label, "span", {className: "swatch", ariaHidden: "true"});
    add(label, "span", {textContent: title});
    const figure = add(row, "span", {className: "figure", ariaHidden: "true"});
    this.readouts.push({figure, now, values});
  }

  addDevice(entry) {
    this.legendRow(entry.title, `series-${entry.place % COLORS} dash-${Math.floor(entry.place / COLORS) % DASHES.length}`,
      entry, (reading) => reading.devices[entry.place]?.power_watts ?? null, entry.columns.power);
  }

  shown({column}) {
    return column === undefined ? [] : [...this.history.devices.values()].filter((entry) => entry.shown
      && entry.columns[column].some((value) => value !== null));
  }

  columns(kind) {
    return [this.history.times, ...(kind.id === "power" ? [this.history.total]
      : this.shown(kind).map((entry) => entry.columns[kind.column]))];
  }

  rebuild() {
    KINDS.forEach((kind) => this.build(kind));
    this.update();
  }

  build(kind) {
    this.plots.get(kind.id)?.destroy();
    this.plots.delete(kind.id);
    const entries = this.shown(kind);
    const isPower = kind.id === "power";
    element(`${kind.id}-chart`).hidden = !isPower && entries.length === 0;
    if (element(`${kind.id}-chart`).hidden) {
      return;
    }
    const style = getComputedStyle(document.documentElement);
    const color = (name) => style.getPropertyValue(name).trim();
    const axis = {stroke: color("--quiet"), grid: {stroke: color("--grid"), width: 1}, ticks: {show: false},
      font: "12px system-ui, sans-serif"};
    const line = {points: {show: false}, spanGaps: false};
    const series = isPower
      ? [{...line, label: "Total", width: 2, stroke: color("--accent"), fill: color("--area")}]
      : entries.map(({place, title}) => ({...line, label: title, width: 1.75, stroke: color(`--series-${place % COLORS}`),
        dash: DASHES[Math.floor(place / COLORS) % DASHES.length]}));
    const box = element(kind.id);
    this.plots.set(kind.id, new uPlot({
      width: box.clientWidth,
      height: box.clientHeight,
      padding: [8, 32, 0, 0],
      legend: {show: false},
      focus: {alpha: 0.15},
      select: {show: isPower},
      cursor: {sync: {key: "time", setSeries: false}, drag: {setScale: false, x: isPower, y: false}, y: false,
        points: {size: 7}},
      scales: {x: {range: () => this.span()}, y: {range: (u, min, max) => [0, kind.range(max)]}},
      axes: [{...axis, size: 28, space: 90, values: (u, ticks) => ticks.map(clock)},
        {...axis, size: 66, space: 36, values: (u, ticks) => ticks.map(kind.tick)}],
      series: [{}, ...series],
      hooks: {
        ready: [() => this.mark()],
        drawAxes: isPower ? [(u) => this.shadeGaps(u, color("--gap"))] : [],
        setCursor: isPower ? [(u) => this.point(u.cursor.idx)] : [],
        setSelect: isPower ? [(u) => {
          if (u.select.width >= MIN_SELECTION_PIXELS) {
            this.interval.choose(u.posToVal(u.select.left, "x"), u.posToVal(u.select.left + u.select.width, "x"));
          }
        }] : [],
      },
    }, this.columns(kind), box));
  }

  // Where the total is unknown, so that a gap is no line that happens to be missing.
  shadeGaps(plot, color) {
    const {times, total, periodSeconds} = this.history;
    const {left, width, top, height} = plot.bbox;
    const at = (time) => Math.min(left + width, Math.max(left, plot.valToPos(time, "x", true)));
    plot.ctx.save();
    plot.ctx.fillStyle = color;
    total.forEach((value, i) => {
      if (value === null) {
        const begin = at(total[i - 1] == null ? times[i] - periodSeconds / 2 : times[i - 1]);
        const end = at((times[i + 1] ?? times[i] + periodSeconds) - periodSeconds / 2);
        plot.ctx.fillRect(begin, top, end - begin, height);
      }
    });
    plot.ctx.restore();
  }

  focus(entry) {
    for (const [id, plot] of this.plots) {
      const at = entry === null ? -1 : this.shown(KINDS.find((kind) => kind.id === id)).indexOf(entry);
      plot.setSeries(at < 0 ? null : at + 1, {focus: true});
    }
  }

  span() {
    const {times, periodSeconds} = this.history;
    const end = times.length > 0 ? last(times) + periodSeconds / 2 : Date.now() / 1e3;
    const begin = times.length > 0 ? times[0] - periodSeconds / 2 : end;
    return [Math.max(end - WINDOW_SECONDS, Math.min(begin, end - MIN_SECONDS * periodSeconds)), end];
  }

  update() {
    if (this.isDragging) {
      return; // what is being chosen stands still
    }
    for (const kind of KINDS) {
      const plot = this.plots.get(kind.id);
      const columns = this.columns(kind);
      if (plot === undefined ? this.shown(kind).length > 0 : plot.series.length !== columns.length) {
        this.build(kind); // the first number of its kind, or a device that is new
      } else {
        plot?.setData(columns);
      }
    }
    this.mark();
    this.point(this.plots.get("power")?.cursor.idx ?? null);
    this.summarize();
  }

  showNow(reading) {
    const devices = [];
    reading.devices.forEach((device) => { devices[this.history.devices.get(key(device)).place] = device; });
    this.latest = {total: reading.total, devices};
    this.showFigures();
  }

  // The legend shows the second under the cursor, or now.
  point(index) {
    this.cursor = index ?? null;
    const {times, total, totalGaps} = this.history;
    const isNow = this.cursor === null || this.cursor >= times.length;
    element("moment").textContent = isNow ? "now" : clock(times[this.cursor]);
    const at = isNow ? times.length - 1 : this.cursor;
    const isGap = at >= 0 && total[at] === null;
    element("power-readout").textContent = at < 0 || isNow && !isGap ? ""
      : `${clock(times[at])}  ${isGap ? `unknown: ${this.history.reason(totalGaps, times[at])}` : watts(total[at])}`;
    this.interval.setMoment(isNow ? null : this.cursor);
    this.showFigures();
  }

  showFigures() {
    this.readouts.forEach(({figure, now, values}) => {
      figure.textContent = watts(this.cursor !== null ? values[this.cursor] : this.latest && now(this.latest));
    });
  }

  summarize() {
    if (Date.now() - this.spokenAt < SPOKEN_MS) {
      return;
    }
    const {times, total} = this.history;
    const known = total.filter((value) => value !== null);
    this.spokenAt = known.length === 0 ? 0 : Date.now();
    element("power-summary").textContent = known.length === 0 ? "Power over time: nothing is known"
      : `Power over time: ${watts(last(known))} in total in the last second, between ${watts(Math.min(...known))} and `
        + `${watts(Math.max(...known))} in the last ${duration(last(times) - times[0] + this.history.periodSeconds)}`;
  }

  resize() {
    for (const [id, plot] of this.plots) {
      const box = element(id);
      if (box.clientWidth > 0) {
        plot.setSize({width: box.clientWidth, height: box.clientHeight});
      }
    }
    this.mark();
  }

  // Keeps the chosen interval marked where it is now: time moves to the left.
  mark() {
    const plot = this.plots.get("power");
    const chosen = this.interval.chosen;
    if (plot === undefined || this.isDragging) {
      return;
    }
    const left = chosen === null ? 0 : Math.max(0, plot.valToPos(chosen.from, "x"));
    const right = chosen === null ? 0 : Math.min(plot.over.clientWidth, plot.valToPos(chosen.to, "x"));
    plot.setSelect({left, width: Math.max(0, right - left), top: 0, height: chosen === null ? 0
      : plot.over.clientHeight}, false);
  }
}
