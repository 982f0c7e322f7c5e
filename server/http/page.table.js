// The numbers of the page: the tiles on top, the devices with their problems, and from when joules are counted.
import {key} from "./page.history.js";
import {add, celsius, clock, gibibytes, joules, part, percent, watts, wattHours} from "./page.text.js";

const COLORS = 8;
const NONE = "\u2013"; // as numbers that no sensor gave are shown
const CELLS = ["Power", "Energy", "Temperature", "Memory", "Busy"];
const element = (id) => document.getElementById(id);
const seconds = (reading) => reading.timestamp_nanos / 1e9;
const share = (value, whole) => (value === null || !(whole > 0) ? null : Math.min(1, value / whole));

export class Table {
  constructor(history) {
    this.history = history;
    this.tiles = new Map();
    this.rows = new Map(); // the cells of each device
    this.baselines = new Map(); // joules and time from which each counter is counted since the user's time
    this.countedFrom = null; // a time of the user's; null: the monitor's start
    this.latest = null;
    this.told = "";
    element("reset").addEventListener("click", () => this.latest && this.countFrom(seconds(this.latest)));
    element("undo").addEventListener("click", () => this.countFrom(null));
  }

  countFrom(time) {
    this.countedFrom = time;
    this.baselines.clear();
    element("undo").hidden = time === null;
    element("since-text").textContent = time === null ? "Joules since the monitor started"
      : `Joules since ${clock(time)}`;
    if (this.latest) {
      this.show(this.latest);
    }
  }

  // Joules since the user's time, or since they were first seen after it: what came before is not known.
  counted(name, total) {
    if (this.countedFrom === null || total === null) {
      return total;
    }
    if (!this.baselines.has(name)) {
      this.baselines.set(name, {joules: total, time: seconds(this.latest)});
    }
    return total - this.baselines.get(name).joules;
  }

  show(reading) {
    this.latest = reading;
    this.showTiles(reading);
    reading.devices.forEach((device) => this.showDevice(device));
    this.showProblems(reading);
  }

  showTile(name, value, note) {
    if (!this.tiles.has(name)) {
      const tile = add(element("tiles"), "div", {});
      add(tile, "dt", {textContent: name});
      const figure = add(tile, "dd", {});
      this.tiles.set(name, {value: add(figure, "span", {}), note: add(figure, "small", {})});
    }
    this.tiles.get(name).value.textContent = value;
    this.tiles.get(name).note.textContent = note;
  }

  showTiles(reading) {
    const {total} = reading;
    const energy = this.counted("total", total.energy_joules);
    const elapsed = this.baselines.has("total") ? seconds(reading) - this.baselines.get("total").time : 0;
    this.showTile("Total power", watts(total.power_watts), total.power_watts !== null
      ? reading.gpu_info.name || reading.platform : reading.devices.length > 0 ? "unknown, see below" : "unknown");
    this.showTile("Energy", joules(energy),
      elapsed > 1 && energy !== null ? `mean ${watts(energy / elapsed)}` : wattHours(energy));
    const isShown = (name, value) => value !== null || this.tiles.has(name);
    if (isShown("CPU packages", reading.cpu_power_watts)) {
      this.showTile("CPU packages", watts(reading.cpu_power_watts),
        joules(this.counted("cpu", reading.cpu_energy_joules)));
    }
    if (isShown("Neural engine", reading.ane_power_watts)) {
      this.showTile("Neural engine", watts(reading.ane_power_watts),
        joules(this.counted("ane", reading.ane_energy_joules)));
    }
    if (isShown("Temperature", reading.temperature_celsius)) {
      this.showTile("Temperature", celsius(reading.temperature_celsius), "mean");
    }
    if (isShown("Device memory", reading.gpu_memory_usage_mb)) {
      this.showTile("Device memory", gibibytes(reading.gpu_memory_usage_mb),
        reading.gpu_memory_total_mb === null ? "" : `of ${gibibytes(reading.gpu_memory_total_mb)}`);
    }
    this.showTile("Host memory", gibibytes(reading.cpu_memory_usage_mb), "in use");
  }

  // Said once below the tiles, where there is room for them; a device that sleeps is none.
  showProblems(reading) {
    const {total} = reading;
    const problems = reading.devices.filter((device) => device.problem && !device.asleep)
      .map((device) => [this.history.devices.get(key(device)).title, device.problem]);
    const ofTotal = this.history.withTitles(total.problem);
    const isTold = problems.some(([title, why]) => `${title}: ${why}` === ofTotal);
    if (total.problem && reading.devices.length > 0 && !isTold) {
      problems.push(["Total", ofTotal]);
    }
    const told = JSON.stringify(problems);
    if (told === this.told) {
      return; // else screen readers would read it again
    }
    this.told = told;
    element("problems").hidden = problems.length === 0;
    element("problems").replaceChildren();
    for (const [title, why] of problems) {
      const item = add(element("problems"), "li", {});
      add(item, "strong", {textContent: title});
      add(item, "span", {textContent: why});
    }
  }

  addDevice(device, {title, place, isPart}) {
    const row = add(element("devices"), "tr", {className: `series-${place % COLORS}`, role: "row"});
    const head = add(row, "th", {scope: "row", role: "rowheader"});
    add(head, "span", {className: `swatch dash-${Math.floor(place / COLORS) % 3}`, ariaHidden: "true"});
    add(head, "span", {className: "title", textContent: title});
    add(head, "span", {className: "name", textContent: device.name || device.id});
    add(head, "small", {textContent: device.id + (isPart ? ", a part of another device"
      : device.in_total ? "" : ", not in the total")});
    const problem = add(head, "small", {className: "problem"});
    const cells = CELLS.map((name) => {
      const cell = add(row, "td", {role: "cell"});
      cell.dataset.label = name;
      return {cell, value: add(cell, "span", {}), bar: add(cell, "span", {className: "bar", ariaHidden: "true", hidden: true})};
    });
    this.rows.set(key(device), {row, problem, cells});
  }

  showDevice(device) {
    const {row, problem, cells} = this.rows.get(key(device));
    const {power_watts: power, power_limit_watts: limit, memory_used_mb: used, memory_total_mb: size} = device;
    [[part(power, limit, watts), share(power, limit)],
      [joules(this.counted(key(device), device.energy_joules)), null],
      [celsius(device.temperature_celsius), null],
      [part(used, size, gibibytes), share(used, size)],
      [percent(device.utilization_percent), share(device.utilization_percent, 100)]]
      .forEach(([value, share], i) => {
        cells[i].value.textContent = value;
        cells[i].cell.classList.toggle("none", i > 0 && value === NONE);
        cells[i].bar.hidden = share === null;
        cells[i].bar.style.setProperty("--share", share ?? 0);
      });
    problem.textContent = device.problem;
    row.classList.toggle("silent", power === null);
  }
}
