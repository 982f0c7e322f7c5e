// The interval that was chosen in the chart, with the mouse or with keys, and its joules as the monitor tells them.
import {ask} from "./page.history.js";
import {add, bounds, clock, duration, joulesWithBounds, watts} from "./page.text.js";

const KEYS_MS = 500; // after the last key that moved an end, the joules are asked for
const PAGE_SECONDS = 10;
const MEMORY_SECONDS = 598; // the monitor remembers ten minutes, and it takes a moment to ask

const element = (id) => document.getElementById(id);

export class Interval {
  constructor(history) {
    this.history = history;
    this.chosen = null; // {from, to} in Unix seconds
    this.anchor = null; // where the keys began to choose
    this.moment = null; // the index of the second under the cursor; null: the last one
    this.asked = 0;
    this.answer = null;
    this.onChange = () => {};
    this.onCursor = () => {};
    document.querySelectorAll("#ask button[data-seconds]").forEach((button) =>
      button.addEventListener("click", () => {
        const end = this.endOf(history.times.length - 1);
        if (history.times.length > 0) {
          this.choose(end - Number(button.dataset.seconds), end);
        }
      }));
    element("clear").addEventListener("click", () => {
      this.clear();
      element("power").focus();
    });
    element("copy").addEventListener("click", () => this.copy());
    element("power").addEventListener("keydown", (event) => this.onKey(event));
  }

  beginOf(index) {
    return this.history.times[index] - this.history.periodSeconds / 2;
  }

  endOf(index) {
    return this.history.times[index] + this.history.periodSeconds / 2;
  }

  // What a slider tells screen readers.
  setMoment(index) {
    this.moment = index;
    const {times, total} = this.history;
    const chart = element("power");
    const at = index ?? times.length - 1;
    chart.setAttribute("aria-valuemin", 0);
    chart.setAttribute("aria-valuemax", Math.max(0, times.length - 1));
    chart.setAttribute("aria-valuenow", Math.max(0, at));
    if (document.activeElement === chart && index !== null) {
      chart.setAttribute("aria-valuetext", `${clock(times[at])}, ${total[at] === null ? "unknown" : watts(total[at])}`);
    }
  }

  onKey(event) {
    const {times} = this.history;
    const at = this.moment ?? times.length - 1;
    const next = {ArrowLeft: at - 1, ArrowDown: at - 1, ArrowRight: at + 1, ArrowUp: at + 1, PageDown: at - PAGE_SECONDS,
      PageUp: at + PAGE_SECONDS, Home: 0, End: times.length - 1}[event.key];
    if (event.key === "Escape") {
      this.clear();
    } else if (event.key === "Enter" && this.chosen !== null) {
      this.choose(this.chosen.from, this.chosen.to);
    } else if (next !== undefined && times.length > 0) {
      event.preventDefault();
      const to = Math.min(times.length - 1, Math.max(0, next));
      if (event.shiftKey) {
        this.anchor ??= times[at];
        const half = this.history.periodSeconds / 2;
        this.chosen = {from: Math.min(this.anchor, times[to]) - half, to: Math.max(this.anchor, times[to]) + half};
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.choose(this.chosen.from, this.chosen.to), KEYS_MS);
        this.onChange();
      } else {
        this.anchor = null;
      }
      this.onCursor(to);
    }
  }

  clear() {
    clearTimeout(this.timer);
    this.chosen = null;
    this.anchor = null;
    this.asked++;
    element("interval").hidden = true;
    this.onChange();
  }

  // The monitor was started anew: it knows nothing of what was chosen, whose joules stay to be read and copied.
  end() {
    if (this.chosen === null || this.answer === null) {
      this.clear();
      return;
    }
    const title = `${element("interval-title").textContent} \u2013 before the monitor was started anew`;
    this.clear();
    element("interval-title").textContent = title;
    element("interval").hidden = false;
  }

  async choose(from, to) {
    clearTimeout(this.timer);
    const newest = this.endOf(this.history.times.length - 1);
    this.chosen = {from: Math.max(from, this.beginOf(0), newest - MEMORY_SECONDS), to: Math.min(to, newest)};
    this.onChange();
    const mine = ++this.asked;
    element("interval").hidden = false;
    element("copy").hidden = true;
    ({from, to} = this.chosen);
    element("interval-title").textContent = `${clock(from)} to ${clock(to)}, ${duration(to - from)}`;
    element("interval-text").textContent = "asking \u2026";
    element("interval-parts").replaceChildren();
    this.answer = null;
    let answer;
    try {
      const nanos = (seconds) => BigInt(Math.round(seconds * 1e6)) * 1000n;
      const response = await ask(`energy?from=${nanos(from)}&to=${nanos(to)}`);
      answer = response.ok ? await response.json() : {refused: (await response.text()).trim()};
    } catch (error) {
      answer = {refused: `the monitor does not answer: ${error.message}`};
    }
    if (mine === this.asked) {
      this.show(answer);
    }
  }

  show(answer) {
    this.answer = answer;
    const words = element("interval-text");
    words.replaceChildren();
    if (answer.refused !== undefined) {
      words.textContent = answer.refused;
      return;
    }
    const {total} = answer;
    if (total.valid) {
      add(words, "span", {textContent: `${joulesWithBounds(total)} in total`});
      add(words, "small", {textContent: ` ${bounds(total)} \u00b7 mean ${watts(total.mean_watts)} \u00b7 `
        + `peak ${watts(total.peak_watts)}`});
    } else {
      words.textContent = `No total: ${this.history.withTitles(total.problem)}`;
    }
    answer.devices.forEach((device) => this.showPart(device));
    element("copy").hidden = false;
    element("copy").textContent = "Copy";
  }

  showPart(device) {
    const {energy} = device;
    const row = add(element("interval-parts"), "li", {});
    add(row, "span", {textContent: this.title(device)});
    add(row, "b", {textContent: joulesWithBounds(energy)});
    add(row, "small", {textContent: energy.valid
      ? `${bounds(energy)}, mean ${watts(energy.mean_watts)}${energy.source === "integrated" ? ", estimated from its power" : ""}`
      : energy.problem});
  }

  title(device) {
    return this.history.devices.get(`${device.platform} ${device.index} ${device.id}`)?.title ?? device.name;
  }

  // A table that spreadsheets take: what was shown, with all digits.
  async copy() {
    const {answer} = this;
    const row = (name, id, e) => (e.valid ? [name, id, e.joules, e.uncertainty_joules, e.least_joules, e.most_joules,
      e.mean_watts, e.peak_watts, ""] : [name, id, "", "", "", "", "", "", e.problem]);
    const rows = [["device", "id", "joules", "uncertainty_joules", "least_joules", "most_joules", "mean_watts",
      "peak_watts", "problem"], row("total", "", answer.total),
    ...answer.devices.map((device) => row(this.title(device), device.id, device.energy))];
    const iso = (nanos) => new Date(nanos / 1e6).toISOString();
    const text = `${iso(answer.from_nanos)} to ${iso(answer.to_nanos)}, ${answer.seconds} s\n`
      + `${rows.map((cells) => cells.join("\t")).join("\n")}\n`;
    element("copy").textContent = await putOnClipboard(text) ? "Copied" : "Not allowed by the browser";
  }
}

// Browsers give pages their clipboard over TLS and from this machine only; elsewhere the old way may work.
async function putOnClipboard(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = add(document.body, "textarea", {value: text, className: "unseen"});
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    element("copy").focus();
    return done;
  }
}
