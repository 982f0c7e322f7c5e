// The live page: readings from /readings as they come, and what the charts show from /history.
import {Charts} from "./page.charts.js";
import {ask, History} from "./page.history.js";
import {Interval} from "./page.interval.js";
import {Table} from "./page.table.js";
import {add, clock, watts} from "./page.text.js";

const PERIOD_MS = matchMedia("(prefers-reduced-motion: reduce)").matches ? 1000 : 250;
const HISTORY_MS = 1000;
const RETRY_MS = 3000;
const SILENT_MS = 5000;
const OTHER_SYSTEM = "not on this operating system"; // no reason that could be mended

const element = (id) => document.getElementById(id);
const root = document.documentElement;
const history = new History();
const table = new Table(history);
const interval = new Interval(history);
const charts = new Charts(history, interval);
let latest = null;
let latestAt = 0;
let drawing = false;
let startedAnew = false;

history.onDevice = (device, entry) => {
  table.addDevice(device, entry);
  charts.addDevice(entry);
};

function take(reading) {
  if (reading.sequence === latest?.sequence && reading.timestamp_nanos === latest?.timestamp_nanos) {
    return; // after a lost connection the latest one comes again
  }
  const fewerJoules = reading.total.energy_joules !== null && reading.total.energy_joules < latest?.total.energy_joules;
  if (reading.sequence < latest?.sequence || fewerJoules) {
    table.countFrom(null); // the monitor was started anew, and counts anew
    interval.end();
    startedAnew = true;
  }
  latest = reading;
  latestAt = Date.now();
  reading.devices.forEach((device) => history.addDevice(device));
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
  table.show(latest);
  charts.showNow(latest);
}

async function refresh() {
  if (document.hidden || root.className === "lost" || root.className === "locked") {
    return; // what is missed meanwhile comes with the next question
  }
  const anew = startedAnew;
  startedAnew = false;
  await history.load(anew).catch(() => { startedAnew ||= anew; }); // the stream says what is wrong
  charts.update();
}

function setState(state, words) {
  root.className = state;
  if (element("status").textContent !== words) {
    element("status").textContent = words;
  }
  element("locked").hidden = state !== "locked";
}

const isMeasured = (reading) => reading.devices.some((device) =>
  device.power_watts !== null || device.energy_joules !== null);

// Why there is nothing to see, and what to do about it.
async function explain() {
  if (!element("empty").hidden) {
    return;
  }
  element("empty").hidden = false;
  const response = await ask("describe");
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
    const response = await ask("describe");
    if (response.status === 401) {
      setState("locked", "locked");
    } else if (!response.ok) {
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
      ["charts", "devices-box"].forEach((id) => { element(id).hidden = history.devices.size === 0; });
      setState("nothing", "connected, nothing is measured");
      explain();
    }
  };
  source.onerror = () => {
    if (root.className !== "lost" && root.className !== "locked") {
      setState("lost", `connection lost at ${clock(Date.now() / 1e3)}, trying again`);
    }
    if (source.readyState === EventSource.CLOSED) {
      // The browser tries again by itself, but not after a refusal; without a token there is no use in it.
      onRefused().then(() => root.className !== "locked" && setTimeout(connect, RETRY_MS));
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

element("again").addEventListener("click", () => location.reload());
document.addEventListener("visibilitychange", () => latest && !document.hidden && (draw(), refresh()));
history.load().catch(() => setState("lost", "connection lost: the monitor does not answer")).finally(() => {
  charts.rebuild();
  connect();
  setInterval(refresh, HISTORY_MS);
});
