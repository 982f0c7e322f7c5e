// The live page: the last ten minutes from /history, then readings from /readings as they come.
import {Charts, WINDOW_SECONDS} from "./page.charts.js";
import {add, celsius, clock, gibibytes, joules, kind, memory, percent, watts, wattHours} from "./page.text.js";

const PERIOD_MS = 250;
const RETRY_MS = 3000;
const SILENT_MS = 5000;
const OTHER_SYSTEM = "not on this operating system"; // no reason that could be mended
const COLORS = 8;
const gib = (mebibytes) => (mebibytes === null || mebibytes === undefined ? null : mebibytes / 1024);
const COLUMNS = { // the fields of a device that the charts show, and their units there
  power: ["power_watts", (watt) => watt ?? null],
  busy: ["utilization_percent", (percentage) => percentage ?? null],
  memory: ["memory_used_mb", gib],
};

const element = (id) => document.getElementById(id);
const root = document.documentElement;
const tiles = new Map();
const data = {times: [], total: [], totalShown: true, devices: new Map()};
const rows = new Map(); // the cells of each device in the table
const numbers = new Map(); // how many devices of each kind there are
const baselines = new Map(); // joules and time from which each counter is counted since the user's time
let charts = null;
let countedFrom = null; // a time of the user's; null: the monitor's start
let latest = null;
let latestAt = 0;
let drawing = false;

const key = (device) => `${device.platform} ${device.index} ${device.id}`;
const seconds = (reading) => reading.timestamp_nanos / 1e9;

// Joules since the user's time, or since they were first seen after it: what came before is not known.
function counted(name, total) {
  if (countedFrom === null || total === null) {
    return total;
  }
  if (!baselines.has(name)) {
    baselines.set(name, {joules: total, time: seconds(latest)});
  }
  return total - baselines.get(name).joules;
}

function showTile(name, value, note) {
  if (!tiles.has(name)) {
    const tile = add(element("tiles"), "div", {});
    add(tile, "dt", {textContent: name});
    const figure = add(tile, "dd", {});
    tiles.set(name, {value: add(figure, "span", {}), note: add(figure, "small", {})});
  }
  tiles.get(name).value.textContent = value;
  tiles.get(name).note.textContent = note;
}

function showTiles(reading) {
  const {total} = reading;
  const energy = counted("total", total.energy_joules);
  const elapsed = baselines.has("total") ? seconds(reading) - baselines.get("total").time : 0;
  showTile("Total power", watts(total.power_watts), total.problem || reading.gpu_info.name || reading.platform);
  showTile("Energy", joules(energy),
    elapsed > 1 && energy !== null ? `mean ${watts(energy / elapsed)}` : wattHours(energy));
  if (reading.cpu_power_watts !== null || tiles.has("CPU packages")) {
    showTile("CPU packages", watts(reading.cpu_power_watts), joules(counted("cpu", reading.cpu_energy_joules)));
  }
  if (reading.ane_power_watts !== null || tiles.has("Neural engine")) {
    showTile("Neural engine", watts(reading.ane_power_watts), joules(counted("ane", reading.ane_energy_joules)));
  }
  if (reading.temperature_celsius !== null || tiles.has("Temperature")) {
    showTile("Temperature", celsius(reading.temperature_celsius), "mean");
  }
  if (reading.gpu_memory_usage_mb !== null || tiles.has("Device memory")) {
    showTile("Device memory", gibibytes(reading.gpu_memory_usage_mb),
      reading.gpu_memory_total_mb === null ? "" : `of ${gibibytes(reading.gpu_memory_total_mb)}`);
  }
  showTile("Host memory", gibibytes(reading.cpu_memory_usage_mb), "in use");
}

// GPUs by the number that their vendor's tool gives them, others by their turn.
function title(device) {
  const name = kind(device);
  const turn = numbers.get(name) ?? 0;
  numbers.set(name, turn + 1);
  return `${name} ${device.kind === "gpu" ? device.index : turn}`;
}

function addDevice(device) {
  const place = data.devices.size;
  const isPart = device.accounting === "contained";
  const empty = () => data.times.map(() => null);
  const entry = {title: title(device), place, shown: !isPart,
    columns: {power: empty(), busy: empty(), memory: empty()}};
  data.devices.set(key(device), entry);
  const row = add(element("devices"), "tr", {className: `series-${place % COLORS}`});
  const head = add(row, "th", {scope: "row"});
  add(head, "span", {className: "swatch", ariaHidden: "true"});
  add(head, "span", {textContent: `${entry.title}: ${device.name || device.id}`});
  add(head, "small", {textContent: device.id + (isPart ? ", a part of another device"
    : device.in_total ? "" : ", not in the total")});
  const problem = add(head, "small", {className: "problem"});
  const cells = ["Power", "Limit", "Energy", "Temperature", "Memory", "Busy"].map((name) => {
    const cell = add(row, "td", {});
    cell.dataset.label = name;
    return cell;
  });
  rows.set(key(device), {problem, cells});
  charts.addDevice(entry);
}

function showDevice(device) {
  const {problem, cells} = rows.get(key(device));
  [watts(device.power_watts), watts(device.power_limit_watts),
    joules(counted(key(device), device.energy_joules)), celsius(device.temperature_celsius),
    memory(device.memory_used_mb, device.memory_total_mb), percent(device.utilization_percent)]
    .forEach((value, i) => { cells[i].textContent = value; });
  problem.textContent = device.problem;
}

// One more point in time; what has no value then is a gap in its line.
function remember(time, total, readings) {
  data.times.push(time);
  data.total.push(total);
  for (const [id, {columns}] of data.devices) {
    for (const [name, [field, unit]] of Object.entries(COLUMNS)) {
      columns[name].push(unit(readings.get(id)?.[field]));
    }
  }
  const old = data.times.findIndex((t) => t >= time - WINDOW_SECONDS);
  if (old > 0) {
    lists().forEach((list) => list.splice(0, old));
  }
}

const lists = () => [data.times, data.total,
  ...[...data.devices.values()].flatMap(({columns}) => Object.values(columns))];

async function loadHistory() {
  const response = await fetch("history");
  if (!response.ok) {
    return; // the stream says what is wrong
  }
  const history = await response.json();
  history.devices.filter(({device}) => !data.devices.has(key(device))).forEach(({device}) => addDevice(device));
  lists().forEach((list) => list.splice(0));
  data.times.push(...history.unix_millis.map((millis) => millis / 1e3));
  data.total.push(...history.total_watts);
  for (const [id, {columns}] of data.devices) {
    const past = history.devices.find(({device}) => key(device) === id);
    for (const [name, [field, unit]] of Object.entries(COLUMNS)) {
      columns[name].push(...(past?.[field].map(unit) ?? data.times.map(() => null)));
    }
  }
}

function take(reading) {
  if (reading.sequence === latest?.sequence && reading.timestamp_nanos === latest?.timestamp_nanos) {
    return; // after a lost connection the latest one comes again
  }
  const fewerJoules = reading.total.energy_joules !== null && reading.total.energy_joules < latest?.total.energy_joules;
  if (reading.sequence < latest?.sequence || fewerJoules) {
    countFrom(null); // the monitor was started anew, and counts anew
  }
  const time = seconds(reading);
  const before = data.times[data.times.length - 1];
  if (time < before - 1) {
    lists().forEach((list) => list.splice(0)); // the clock was set back
  }
  latest = reading;
  latestAt = Date.now();
  reading.devices.filter((device) => !data.devices.has(key(device))).forEach(addDevice);
  if (!(time <= before)) {
    remember(time, reading.total.power_watts, new Map(reading.devices.map((device) => [key(device), device])));
  }
  if (!drawing && !document.hidden) {
    drawing = true;
    requestAnimationFrame(draw);
  }
}

function draw() {
  drawing = false;
  const system = latest.system_info;
  element("host").textContent = `${system.host_name}, ${latest.platform}`;
  document.title = `${watts(latest.total.power_watts)} \u2013 ${system.host_name}`;
  showTiles(latest);
  latest.devices.forEach(showDevice);
  charts.update();
}

function countFrom(time) {
  countedFrom = time;
  baselines.clear();
  element("undo").hidden = time === null;
  element("since-text").textContent = time === null ? "Joules since the monitor started"
    : `Joules since ${clock(time)}`;
  if (latest) {
    draw();
  }
}

function setState(state, words) {
  root.className = state;
  if (element("status").textContent !== words) {
    element("status").textContent = words;
  }
}

const isMeasured = (reading) => reading.devices.some((device) =>
  device.power_watts !== null || device.energy_joules !== null);

// Why there is nothing to see, and what to do about it.
async function explain() {
  if (!element("empty").hidden) {
    return;
  }
  element("empty").hidden = false;
  const response = await fetch("describe");
  if (response.ok) {
    const {collectors} = await response.json();
    element("reasons").replaceChildren();
    for (const {name, reason, remedy} of collectors.filter((collector) => collector.reason !== ""
      && collector.reason !== OTHER_SYSTEM)) {
      const item = add(element("reasons"), "li", {});
      add(item, "b", {textContent: name});
      add(item, "span", {textContent: `: ${reason}`});
      if (remedy) {
        add(item, "small", {textContent: `fix: ${remedy}`});
      }
    }
  }
}

async function onRefused() {
  try {
    const response = await fetch("describe");
    if (!response.ok) {
      setState("lost", `connection lost: ${(await response.text()).trim()}`);
    }
  } catch (error) {
    setState("lost", `connection lost, trying again: the monitor has ended, or the network between (${error.message})`);
  }
}

function connect() {
  const source = new EventSource(`readings?interval_ms=${PERIOD_MS}`);
  source.onmessage = (event) => {
    const reading = JSON.parse(event.data);
    take(reading);
    if (isMeasured(reading)) {
      ["charts", "devices-box"].forEach((id) => { element(id).hidden = false; });
      element("empty").hidden = true;
      setState("live", "live");
    } else {
      ["charts", "devices-box"].forEach((id) => { element(id).hidden = data.devices.size === 0; });
      setState("nothing", "connected, nothing is measured");
      explain();
    }
  };
  source.onerror = () => {
    if (root.className !== "lost") {
      setState("lost", `connection lost at ${clock(Date.now() / 1e3)}, trying again`);
      if (data.times.length > 0) {
        remember(data.times[data.times.length - 1] + 1e-3, null, new Map()); // a gap in the lines
      }
    }
    if (source.readyState === EventSource.CLOSED) {
      onRefused();
      setTimeout(connect, RETRY_MS); // the browser tries again by itself, but not after a refusal
    }
  };
}

// A monitor that hangs keeps its connections open.
setInterval(() => {
  const silentMs = Date.now() - latestAt;
  if (root.className !== "lost" && latest && silentMs > Math.max(SILENT_MS, 4 * latest.interval_ms)) {
    setState("lost", `no readings for ${Math.round(silentMs / 1e3)} s: the monitor hangs, or its machine sleeps`);
  }
}, 1000);

element("reset").addEventListener("click", () => latest && countFrom(seconds(latest)));
element("undo").addEventListener("click", () => countFrom(null));
charts = new Charts(data);
loadHistory().catch(() => setState("lost", "connection lost: the monitor does not answer")).finally(() => {
  charts.rebuild();
  connect();
});
