// Numbers and times for people. null is what no sensor gave.

export const number = (value, digits) =>
  value.toLocaleString("en", {minimumFractionDigits: digits, maximumFractionDigits: digits});

const text = (value, format) => (value === null || value === undefined ? "\u2013" : format(value));

export const watts = (value) => text(value, (w) => `${number(w, w < 100 ? 1 : 0)} W`);
export const joules = (value) => text(value, (j) =>
  j < 1e4 ? `${number(j, j < 100 ? 1 : 0)} J` : j < 1e7 ? `${number(j / 1e3, 1)} kJ` : `${number(j / 1e6, 2)} MJ`);
export const wattHours = (value) => text(value, (j) =>
  j < 3.6e6 ? `${number(j / 3600, j < 36000 ? 2 : 1)} Wh` : `${number(j / 3.6e6, 2)} kWh`);
export const celsius = (value) => text(value, (c) => `${number(c, 0)} °C`);
export const percent = (value) => text(value, (p) => `${number(p, 0)} %`);
export const gibibytes = (mebibytes) => text(mebibytes, (m) => `${number(m / 1024, 1)} GiB`);
// A value and what it is a part of: 412 / 700 W.
export const part = (value, whole, format) => (value !== null && whole !== null && whole > 0
  ? `${format(value).replace(/ [^ ]+$/, "")} / ${format(whole)}` : format(value));

export const clock = (unixSeconds) => new Date(unixSeconds * 1e3).toLocaleTimeString("en-GB");
export const duration = (seconds) => (seconds < 120 ? `${number(seconds, seconds < 10 ? 1 : 0)} s`
  : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`);

// With the digits that its uncertainty leaves: 412.3 J ± 4.1, or 412.3 J +4.1 -2.0 where a bound is nearer.
export function joulesWithBounds(energy) {
  if (!energy.valid) {
    return "n/a";
  }
  const unit = energy.joules < 1e4 ? [1, "J"] : energy.joules < 1e7 ? [1e3, "kJ"] : [1e6, "MJ"];
  const half = (bound) => Math.max(0, Math.min(energy.uncertainty_joules, bound)) / unit[0];
  const above = half(energy.most_joules - energy.joules);
  const below = half(energy.joules - energy.least_joules);
  const wider = Math.max(above, below);
  const digits = wider > 0 ? Math.min(3, Math.max(0, 1 - Math.floor(Math.log10(wider)))) : 1;
  const [up, down] = [number(above, digits), number(below, digits)];
  return `${number(energy.joules / unit[0], digits)} ${unit[1]} ${up === down ? `± ${up}` : `+${up} -${down}`}`;
}

// Rounded away from the joules: the truth is not outside.
export const bounds = (energy) => `at least ${number(Math.floor(energy.least_joules), 0)} J, `
  + `at most ${number(Math.ceil(energy.most_joules), 0)} J`;

const KINDS = {gpu: "GPU", cpu_package: "CPU", cpu_cores: "CPU cores", cpu_core: "Core", cpu_uncore: "Uncore",
  dram: "DRAM", neural_engine: "Neural engine", system_on_chip: "SoC", module: "Module", machine: "Machine",
  outlet: "Outlet"};

export const kind = (device) => KINDS[device.kind] ?? device.kind.replaceAll("_", " ");

export function add(parent, name, properties) {
  const child = Object.assign(document.createElement(name), properties);
  parent.append(child);
  return child;
}
