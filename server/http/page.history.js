// What the charts show: the seconds that the monitor remembers, asked for once and then as they are added.
import {kind} from "./page.text.js";

export const WINDOW_SECONDS = 600;
const GAP_PERIODS = 1.5; // a longer time between two points is a gap
const UNKNOWN = "the monitor did not run, or was not reached";
const gib = (mebibytes) => (mebibytes === null ? null : mebibytes / 1024);
const COLUMNS = { // the columns of a device, and their units in the charts
  power: ["power_watts", (watts) => watts],
  busy: ["utilization_percent", (percentage) => percentage],
  memory: ["memory_used_mb", gib],
};

// The page's own address may have the token in it, and browsers ask for nothing by such an address.
export const ask = (path) => fetch(new URL(path, location.origin + location.pathname));

export const key = (device) => `${device.platform} ${device.index} ${device.id}`;

// Times are the middles of the seconds, in Unix seconds; null is what is not known.
export class History {
  constructor() {
    this.times = [];
    this.total = [];
    this.totalGaps = [];
    this.devices = new Map(); // by key: {title, label, place, isPart, shown, columns, gaps}
    this.names = new Map(); // how many devices of each kind there are
    this.lastMillis = 0;
    this.periodSeconds = 1;
    this.onDevice = () => {};
  }

  addDevice(device) {
    if (this.devices.has(key(device))) {
      return;
    }
    const isPart = device.accounting === "contained";
    const empty = () => this.times.map(() => null);
    const entry = {title: this.title(device), label: `${device.platform} ${device.index} ${device.name} (${device.id})`,
      place: this.devices.size, isPart, shown: !isPart,
      columns: {power: empty(), busy: empty(), memory: empty()}, gaps: []};
    this.devices.set(key(device), entry);
    this.onDevice(device, entry);
  }

  // GPUs by the number that their vendor's tool gives them, others by their turn.
  title(device) {
    const name = kind(device);
    const turn = this.names.get(name) ?? 0;
    this.names.set(name, turn + 1);
    return `${name} ${device.kind === "gpu" ? device.index : turn}`;
  }

  // Asks for the seconds that are new; all of them when the monitor has been started anew.
  async load(anew = false) {
    const response = await ask(`history?after=${anew ? 0 : this.lastMillis}`);
    if (!response.ok) {
      return; // the stream says what is wrong
    }
    const seconds = await response.json();
    if (anew && !(seconds.unix_millis[0] > this.lastMillis)) {
      this.lists().forEach((list) => list.splice(0)); // its clock was set back, or it remembers what is shown
    }
    this.append(seconds);
  }

  append({period_millis: periodMillis, unix_millis: ends, total_watts: total, total_gaps: totalGaps, devices}) {
    devices.forEach(({device}) => this.addDevice(device));
    this.periodSeconds = periodMillis / 1e3;
    const past = new Map(devices.map((column) => [key(column.device), column]));
    ends.forEach((end, i) => {
      const time = end / 1e3 - this.periodSeconds / 2;
      const before = this.times[this.times.length - 1];
      if (time <= before) {
        return;
      }
      if (time - before > GAP_PERIODS * this.periodSeconds) {
        this.push(before + this.periodSeconds, null, () => null);
      }
      this.push(time, total[i], (id, field) => past.get(id)?.[field][i] ?? null);
    });
    this.lastMillis = ends[ends.length - 1] ?? this.lastMillis;
    this.totalGaps.push(...totalGaps);
    past.forEach(({gaps}, id) => this.devices.get(id).gaps.push(...gaps));
    this.forget();
  }

  push(time, total, value) {
    this.times.push(time);
    this.total.push(total);
    for (const [id, {columns}] of this.devices) {
      for (const [name, [field, unit]] of Object.entries(COLUMNS)) {
        columns[name].push(unit(value(id, field)));
      }
    }
  }

  forget() {
    const newest = this.times[this.times.length - 1];
    const old = this.times.findIndex((time) => time > newest - WINDOW_SECONDS);
    if (old > 0) {
      this.lists().forEach((list) => list.splice(0, old));
    }
    const isKept = ({last_unix_millis: end}) => end / 1e3 > newest - WINDOW_SECONDS;
    this.totalGaps = this.totalGaps.filter(isKept);
    this.devices.forEach((entry) => { entry.gaps = entry.gaps.filter(isKept); });
  }

  lists() {
    return [this.times, this.total, ...[...this.devices.values()].flatMap(({columns}) => Object.values(columns))];
  }

  // Why there is no power at a moment; in the words of the page, which calls devices by their titles.
  reason(gaps, time) {
    const millis = time * 1e3 + this.periodSeconds * 500;
    const gap = gaps.find(({first_unix_millis: first, last_unix_millis: end}) =>
      first - 1 <= millis && millis <= end + 1);
    return gap === undefined ? UNKNOWN : this.withTitles(gap.reason);
  }

  withTitles(reason) {
    const named = [...this.devices.values()].find(({label}) => reason.startsWith(`${label}: `));
    return named === undefined ? reason : named.title + reason.slice(named.label.length);
  }
}
