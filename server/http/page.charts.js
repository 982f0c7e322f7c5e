// The charts of power, utilization and memory over the last ten minutes, their legend, and the interval chosen in them.
import {add, clock, duration, joulesWithBounds, number, watts} from "./page.text.js";

export const WINDOW_SECONDS = 600;
const MIN_SECONDS = 30; // that a chart shows, however few there are yet
const MIN_SELECTION_PIXELS = 4;
const COLORS = 8;
const DASHES = [[], [6, 4], [2, 3]];
const SPOKEN_MS = 10000; // between two changes of what screen readers are told of a chart

const element = (id) => document.getElementById(id);
const last = (list) => list[list.length - 1] ?? null;

const KINDS = [
  {id: "power", column: "power", withTotal: true, tick: (w) => `${number(w, 0)} W`,
    range: (max) => (max > 0 ? max * 1.1 : 1)},
  {id: "busy", column: "busy", tick: (p) => `${p} %`, range: () => 100},
  {id: "memory", column: "memory", tick: (g) => `${number(g, g % 1 === 0 ? 0 : 1)} GiB`,
    range: (max) => (max > 0 ? max * 1.1 : 1)},
];

// data: {times, total, totalShown, devices: Map of {title, place, shown, columns: {power, busy, memory in GiB}}}
export class Charts {
  constructor(data) {
    this.data = data;
    this.plots = new Map();
    this.interval = null;
    this.asked = 0;
    this.spokenAt = 0;
    this.isDragging = false;
    this.readouts = [];
    this.totalRow = this.legendRow("Total", "total", () => this.data.totalShown, (shown) => { data.totalShown = shown; },
      () => data.total);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.rebuild());
    new ResizeObserver(() => this.resize()).observe(element("charts"));
    document.querySelectorAll("#ask button[data-seconds]").forEach((button) =>
      button.addEventListener("click", () => {
        const end = last(data.times);
        if (end !== null) {
          this.choose(Math.max(data.times[0], end - Number(button.dataset.seconds)), end);
        }
      }));
    element("power").addEventListener("mousedown", () => { this.isDragging = true; });
    addEventListener("mouseup", () => { this.isDragging = false; });
    element("clear").addEventListener("click", () => this.clear());
    element("power").addEventListener("keydown", (event) => event.key === "Escape" && this.clear());
  }

  legendRow(title, series, isShown, setShown, values) {
    const row = add(element("legend"), "li", {className: series});
    const label = add(row, "label", {});
    const box = add(label, "input", {type: "checkbox", checked: isShown()});
    add(label, "span", {className: "swatch", ariaHidden: "true"});
    add(label, "span", {textContent: title});
    const figure = add(row, "output", {ariaHidden: "true"});
    box.addEventListener("change", () => {
      setShown(box.checked);
      this.rebuild();
    });
    this.readouts.push({figure, values});
    return row;
  }

  addDevice(entry) {
    this.legendRow(entry.title, `series-${entry.place % COLORS} dash-${Math.floor(entry.place / COLORS) % DASHES.length}`,
      () => entry.shown, (shown) => { entry.shown = shown; }, () => entry.columns.power);
  }

  shown(kind) {
    return [...this.data.devices.values()].filter((entry) => entry.shown
      && (kind.column === "power" || entry.columns[kind.column].some((value) => value !== null)));
  }

  columns(kind) {
    const parts = this.shown(kind).map((entry) => entry.columns[kind.column]);
    return kind.withTotal && this.data.totalShown ? [this.data.times, ...parts, this.data.total]
      : [this.data.times, ...parts];
  }

  rebuild() {
    KINDS.forEach((kind) => this.build(kind));
    this.update();
  }

  build(kind) {
    this.plots.get(kind.id)?.destroy();
    this.plots.delete(kind.id);
    const entries = this.shown(kind);
    element(`${kind.id}-chart`).hidden = kind.id !== "power" && entries.length === 0;
    if (element(`${kind.id}-chart`).hidden) {
      return;
    }
    const style = getComputedStyle(document.documentElement);
    const color = (name) => style.getPropertyValue(name).trim();
    const axis = {stroke: color("--quiet"), grid: {stroke: color("--line"), width: 1}, ticks: {show: false}};
    const series = entries.map(({place, title}) => ({label: title, width: 1.5, points: {show: false}, spanGaps: false,
      stroke: color(`--series-${place % COLORS}`), dash: DASHES[Math.floor(place / COLORS) % DASHES.length]}));
    if (kind.withTotal && this.data.totalShown) {
      series.push({label: "Total", width: 2.5, points: {show: false}, stroke: color("--text")});
    }
    const box = element(kind.id);
    const plot = new uPlot({
      width: box.clientWidth,
      height: box.clientHeight,
      padding: [8, 32, 0, 0],
      legend: {show: false},
      select: {show: kind.id === "power"},
      cursor: {sync: {key: "time", setSeries: false}, drag: {setScale: false, x: kind.id === "power", y: false},
        points: {size: 6}},
      scales: {x: {range: () => this.span()}, y: {range: (u, min, max) => [0, kind.range(max)]}},
      axes: [{...axis, size: 32, space: 90, values: (u, ticks) => ticks.map(clock)},
        {...axis, size: 72, values: (u, ticks) => ticks.map(kind.tick)}],
      series: [{}, ...series],
      hooks: {
        ready: [() => this.mark()],
        setCursor: kind.id === "power" ? [(u) => this.point(u.cursor.idx)] : [],
        setSelect: kind.id === "power" ? [(u) => {
          if (u.select.width >= MIN_SELECTION_PIXELS) {
            const first = this.data.times[0] ?? 0; // the monitor remembers nothing before
            this.choose(Math.max(first, u.posToVal(u.select.left, "x")),
              u.posToVal(u.select.left + u.select.width, "x"));
          }
        }] : [],
      },
    }, this.columns(kind), box);
    this.plots.set(kind.id, plot);
  }

  span() {
    const {times} = this.data;
    const end = last(times) ?? Date.now() / 1e3;
    return [Math.min(times[0] ?? end, end - MIN_SECONDS), end];
  }

  update() {
    if (this.isDragging) {
      return; // what is being chosen stands still
    }
    for (const kind of KINDS) {
      const plot = this.plots.get(kind.id);
      if (plot === undefined) {
        if (kind.id !== "power" && this.shown(kind).length > 0) {
          this.build(kind); // the first number of its kind
        }
      } else if (plot.series.length !== this.columns(kind).length) {
        this.build(kind);
      } else {
        plot.setData(this.columns(kind));
      }
    }
    this.mark();
    this.point(this.plots.get("power")?.cursor.idx);
    this.speak();
  }

  // The legend shows the moment under the cursor, or now.
  point(index) {
    const at = index ?? this.data.times.length - 1;
    element("moment").textContent = index === null || index === undefined || at < 0 ? "now" : clock(this.data.times[at]);
    this.readouts.forEach(({figure, values}) => { figure.textContent = watts(values()[at]); });
  }

  speak() {
    if (Date.now() - this.spokenAt < SPOKEN_MS) {
      return;
    }
    this.spokenAt = Date.now();
    const known = this.data.total.filter((value) => value !== null);
    element("power").setAttribute("aria-label", known.length === 0 ? "Power over time: nothing is known"
      : `Power over time: ${watts(last(known))} in total now, between ${watts(Math.min(...known))} and `
        + `${watts(Math.max(...known))} in the last ${duration(last(this.data.times) - this.data.times[0])}`);
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
    if (this.interval === null || plot === undefined) {
      return;
    }
    const left = Math.max(0, plot.valToPos(this.interval.from, "x"));
    const right = plot.valToPos(this.interval.to, "x");
    plot.setSelect({left, width: Math.max(0, right - left), top: 0, height: plot.over.clientHeight}, false);
  }

  clear() {
    this.interval = null;
    this.asked++;
    element("interval").hidden = true;
    this.plots.get("power")?.setSelect({left: 0, width: 0, top: 0, height: 0}, false);
  }

  async choose(from, to) {
    this.interval = {from, to};
    this.mark();
    const mine = ++this.asked;
    element("interval").hidden = false;
    element("interval-title").textContent = `${clock(from)} to ${clock(to)}, ${duration(to - from)}`;
    element("interval-text").textContent = "asking \u2026";
    element("interval-parts").replaceChildren();
    let answer;
    try {
      const nanos = (seconds) => BigInt(Math.round(seconds * 1e6)) * 1000n;
      const response = await fetch(`energy?from=${nanos(from)}&to=${nanos(to)}`);
      answer = response.ok ? await response.json() : {refused: (await response.text()).trim()};
    } catch (error) {
      answer = {refused: `the monitor does not answer: ${error.message}`};
    }
    if (mine === this.asked) {
      this.show(answer);
    }
  }

  show(answer) {
    const words = element("interval-text");
    if (answer.refused !== undefined) {
      words.textContent = answer.refused;
      return;
    }
    const total = answer.total;
    words.textContent = total.valid
      ? `${joulesWithBounds(total)} in total, mean ${watts(total.mean_watts)}, peak ${watts(total.peak_watts)}`
      : `No total: ${total.problem}`;
    for (const device of answer.devices) {
      const {energy} = device;
      const title = this.data.devices.get(`${device.platform} ${device.index} ${device.id}`)?.title ?? device.name;
      const row = add(element("interval-parts"), "li", {});
      add(row, "span", {textContent: title});
      add(row, "b", {textContent: joulesWithBounds(energy)});
      add(row, "small", {textContent: energy.valid
        ? `at least ${number(energy.least_joules, 0)} J, at most ${number(energy.most_joules, 0)} J`
          + (energy.source === "integrated" ? ", estimated from its power" : "")
        : energy.problem});
    }
  }
}
