// The live page: takes readings from /readings as they come and shows them. Nothing is kept beyond five minutes.
"use strict";

(() => {
  const WINDOW_SECONDS = 300;
  const LEAST_SECONDS = 30; // that the chart shows, however few there are yet
  const PERIOD_MS = 250;
  const RETRY_MS = 3000;
  const COLORS = 8;
  const DASHES = [[], [6, 4], [2, 3]];

  const element = (id) => document.getElementById(id);
  const root = document.documentElement;
  const tiles = new Map();
  const devices = new Map(); // what is shown of each device, by its key, in the order of appearance
  let times = [];
  let chart = null;
  let countedFrom = null; // a time of the user's; null: the monitor's start
  const baselines = new Map(); // joules and time from which each counter is counted since then
  let latest = null;
  let latestAt = 0;
  let drawing = false;

  // Numbers for people. null is what no sensor gave.
  const number = (value, digits) =>
    value.toLocaleString("en", {minimumFractionDigits: digits, maximumFractionDigits: digits});
  const text = (value, format) => (value === null || value === undefined ? "\u2013" : format(value));
  const watts = (value) => text(value, (w) => `${number(w, w < 100 ? 1 : 0)} W`);
  const joules = (value) => text(value, (j) =>
    j < 1e4 ? `${number(j, 0)} J` : j < 1e7 ? `${number(j / 1e3, 1)} kJ` : `${number(j / 1e6, 2)} MJ`);
  const wattHours = (value) => text(value, (j) => `${number(j / 3600, j < 36000 ? 2 : 1)} Wh`);
  const celsius = (value) => text(value, (c) => `${number(c, 0)} °C`);
  const percent = (value) => text(value, (p) => `${number(p, 0)} %`);
  const gibibytes = (mebibytes) => text(mebibytes, (m) => `${number(m / 1024, 1)} GiB`);
  const memory = (used, total) => (used !== null && total !== null && total > 0
    ? `${number(used / 1024, 1)} / ${gibibytes(total)}` : gibibytes(used));

  const kind = (device) => device.kind.replaceAll("_", " ").replace(/\b(cpu|dram|gpu)\b/, (word) => word.toUpperCase());
  const title = (device) => `${kind(device)} ${device.index}`;
  const key = (device) => `${device.platform} ${device.index} ${device.id}`;
  const seconds = (reading) => reading.timestamp_nanos / 1e9;

  function add(parent, name, properties) {
    const child = Object.assign(document.createElement(name), properties);
    parent.append(child);
    return child;
  }

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

  function showTotals(reading) {
    const energy = counted("total", reading.energy_joules);
    const elapsed = baselines.has("total") ? seconds(reading) - baselines.get("total").time : 0;
    showTile("Power", watts(reading.power_watts), reading.gpu_info.name || reading.platform);
    showTile("Energy", joules(energy),
      elapsed > 1 && energy !== null ? `mean ${watts(energy / elapsed)}` : wattHours(energy));
    if (reading.cpu_power_watts !== null || tiles.has("CPU packages")) {
      showTile("CPU packages", watts(reading.cpu_power_watts),
        joules(counted("cpu", reading.cpu_energy_joules)));
    }
    if (reading.ane_power_watts !== null || tiles.has("Neural engine")) {
      showTile("Neural engine", watts(reading.ane_power_watts),
        joules(counted("ane", reading.ane_energy_joules)));
    }
    showTile("Temperature", celsius(reading.temperature_celsius), "mean");
    showTile("Device memory", gibibytes(reading.gpu_memory_usage_mb),
      reading.gpu_memory_total_mb === null ? "" : `of ${gibibytes(reading.gpu_memory_total_mb)}`);
    showTile("Host memory", gibibytes(reading.cpu_memory_usage_mb), "in use");
  }

  function addDevice(device) {
    const place = devices.size;
    const row = add(element("devices"), "tr", {className: `series-${place % COLORS}`});
    const head = add(row, "th", {scope: "row"});
    const label = add(head, "label", {});
    const shown = add(label, "input", {type: "checkbox", checked: device.accounting !== "contained"});
    add(label, "span", {textContent: `${title(device)}: ${device.name || device.id}`});
    add(head, "small", {textContent: device.id
      + (device.accounting === "contained" ? ", a part of another device" : "")});
    const problem = add(head, "small", {className: "problem"});
    const cells = ["Power", "Limit", "Energy", "Temperature", "Memory", "Busy"].map((name) => {
      const cell = add(row, "td", {});
      cell.dataset.label = name;
      return cell;
    });
    shown.addEventListener("change", rebuildChart);
    devices.set(key(device), {device, place, shown, problem, cells, watts: times.map(() => null)});
    rebuildChart();
  }

  function showDevice(device) {
    const {problem, cells} = devices.get(key(device));
    [watts(device.power_watts), watts(device.power_limit_watts),
      joules(counted(key(device), device.energy_joules)), celsius(device.temperature_celsius),
      memory(device.memory_used_mb, device.memory_total_mb), percent(device.utilization_percent)]
      .forEach((value, i) => {
        cells[i].textContent = value;
      });
    problem.textContent = device.problem;
  }

  function remember(time, readings) {
    times.push(time);
    for (const [id, entry] of devices) {
      entry.watts.push(readings.get(id)?.power_watts ?? null);
    }
    const old = times.findIndex((t) => t >= time - WINDOW_SECONDS);
    if (old > 0) {
      times.splice(0, old);
      devices.forEach((entry) => entry.watts.splice(0, old));
    }
  }

  function take(reading) {
    if (reading.sequence === latest?.sequence && reading.timestamp_nanos === latest?.timestamp_nanos) {
      return; // after a lost connection the latest one comes again
    }
    const fewerJoules = reading.energy_joules !== null && reading.energy_joules < latest?.energy_joules;
    if (reading.sequence < latest?.sequence || fewerJoules) {
      countFrom(null); // the monitor was started anew, and counts anew
    }
    const time = seconds(reading);
    if (times.length > 0 && time <= times[times.length - 1]) {
      times = []; // the clock was set back
      devices.forEach((entry) => { entry.watts = []; });
    }
    latest = reading;
    latestAt = Date.now();
    reading.devices.filter((device) => !devices.has(key(device))).forEach(addDevice);
    remember(time, new Map(reading.devices.map((device) => [key(device), device])));
    if (!drawing && !document.hidden) {
      drawing = true;
      requestAnimationFrame(draw);
    }
  }

  function draw() {
    drawing = false;
    const system = latest.system_info;
    element("host").textContent = `${system.host_name}, ${latest.platform}`;
    document.title = `${watts(latest.power_watts)} \u2013 ${system.host_name}`;
    showTotals(latest);
    latest.devices.forEach(showDevice);
    chart?.setData(chartData());
  }

  const shownDevices = () => [...devices.values()].filter((entry) => entry.shown.checked);
  const chartData = () => [times, ...shownDevices().map((entry) => entry.watts)];

  function rebuildChart() {
    const style = getComputedStyle(root);
    const color = (name) => style.getPropertyValue(name).trim();
    const axis = {stroke: color("--quiet"), grid: {stroke: color("--line"), width: 1}, ticks: {show: false}};
    const box = element("chart");
    chart?.destroy();
    chart = new uPlot({
      width: box.clientWidth,
      height: box.clientHeight,
      padding: [8, 12, 0, 0],
      legend: {show: false},
      cursor: {drag: {setScale: false}, points: {size: 6}},
      scales: {
        x: {range: () => {
          const end = times.length ? times[times.length - 1] : Date.now() / 1e3;
          return [Math.min(times[0] ?? end, end - LEAST_SECONDS), end];
        }},
        y: {range: (plot, min, max) => [0, max > 0 ? max * 1.1 : 1]},
      },
      axes: [{...axis, size: 32, space: 90, values: (plot, ticks) => ticks.map((t) => clock(t))},
        {...axis, size: 64, values: (plot, ticks) => ticks.map((w) => `${w.toLocaleString("en")} W`)}],
      series: [{}, ...shownDevices().map(({device, place}) => ({
        label: device.name,
        stroke: color(`--series-${place % COLORS}`),
        dash: DASHES[Math.floor(place / COLORS) % DASHES.length],
        width: 1.5,
        points: {show: false},
      }))],
      hooks: {setCursor: [showReadout]},
    }, chartData(), box);
  }

  const clock = (time) => new Date(time * 1e3).toLocaleTimeString("en-GB");

  function showReadout(plot) {
    const i = plot.cursor.idx;
    element("readout").textContent = i === null || i === undefined || times[i] === undefined ? ""
      : [clock(times[i]), ...shownDevices().map(({device, watts: values}) =>
        `${title(device)}: ${watts(values[i])}`)].join(" \u00b7 ");
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

  function connect() {
    const source = new EventSource(`readings?interval_ms=${PERIOD_MS}`);
    source.onmessage = (event) => {
      take(JSON.parse(event.data));
      setState("live", "live");
    };
    source.onerror = () => {
      setState("lost", "connection lost, trying again");
      if (times.length > 0) {
        remember(times[times.length - 1] + 1e-3, new Map()); // a gap in the lines
      }
      if (source.readyState === EventSource.CLOSED) {
        setTimeout(connect, RETRY_MS); // the browser tries again by itself, but not after a refusal
      }
    };
  }

  // A monitor that hangs keeps its connections open.
  setInterval(() => {
    const limit = Math.max(5000, 4 * (latest?.interval_ms ?? 0));
    if (root.className === "live" && Date.now() - latestAt > limit) {
      setState("lost", "no readings come");
    }
  }, 1000);

  element("reset").addEventListener("click", () => latest && countFrom(seconds(latest)));
  element("undo").addEventListener("click", () => countFrom(null));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", rebuildChart);
  new ResizeObserver(() => {
    const box = element("chart");
    chart?.setSize({width: box.clientWidth, height: box.clientHeight});
  }).observe(element("chart"));
  rebuildChart();
  connect();
})();
