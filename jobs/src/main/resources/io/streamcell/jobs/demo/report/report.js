"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const byId = (id) => document.getElementById(id);
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();

  /* Arrays are little-endian numbers in base64. */
  const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer;
  const floats = (text) => Array.from(new Float32Array(bytes(text)), (v) => (Number.isNaN(v) ? null : v));
  const seconds = (text) => Array.from(new Int32Array(bytes(text)));

  const element = (tag, text, className) => {
    const made = document.createElement(tag);
    if (text !== undefined) made.textContent = text;
    if (className) made.className = className;
    return made;
  };

  document.title = data.title;
  byId("title").textContent = data.title;
  byId("verdict").textContent = data.verdict;
  for (const fact of data.facts) {
    const box = element("div");
    box.append(element("dt", fact.label), element("dd", fact.value, fact.value.length > 14 ? "long" : ""));
    if (fact.note) box.append(element("dd", fact.note, "note"));
    byId("facts").append(box);
  }

  const horizons = data.series.length ? data.series[0].forecasts.map((f) => f.horizon) : [];
  horizons.forEach((h, n) => {
    const option = element("option", h + (h === 1 ? " row ahead" : " rows ahead"));
    option.value = n;
    byId("horizon").append(option);
  });
  byId("horizon").value = horizons.length - 1;
  const chosen = () => Number(byId("horizon").value);

  const number = new Intl.NumberFormat("en", { maximumSignificantDigits: 5 });
  const date = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short", timeZone: "UTC" });
  const show = (value) => (value == null ? "none" : number.format(value));

  /* Shades windows and the trained part, and marks resets, under the lines. */
  const marks = (series) => (u) => {
    const { left, top, width, height } = u.bbox;
    const x = (time) => Math.min(Math.max(u.valToPos(time, "x", true), left), left + width);
    const shade = (from, to, fill) => {
      u.ctx.fillStyle = fill;
      u.ctx.fillRect(x(from), top, Math.max(x(to) - x(from), from <= u.scales.x.max && to >= u.scales.x.min ? 2 : 0), height);
    };
    u.ctx.save();
    shade(-1e12, series.unseenFrom, colour("seen"));
    for (const [from, to] of series.windows) shade(from, to, colour("window"));
    u.ctx.strokeStyle = colour("reset");
    u.ctx.setLineDash([4, 3]);
    for (const time of series.resets) {
      if (time < u.scales.x.min || time > u.scales.x.max) continue;
      u.ctx.beginPath();
      u.ctx.moveTo(x(time), top);
      u.ctx.lineTo(x(time), top + height);
      u.ctx.stroke();
    }
    u.ctx.restore();
  };

  const axis = (more) => ({
    stroke: colour("dim"), grid: { stroke: colour("line"), width: 1 }, ticks: { stroke: colour("line"), width: 1 },
    font: "12px system-ui, sans-serif", ...more,
  });
  const short = (u, values) => values.map((v) => (v == null ? "" : new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 4 }).format(v)));

  function draw(card) {
    const series = card.series;
    const times = seconds(series.times);
    const values = floats(series.values);
    const forecast = floats(series.forecasts[chosen()].values);
    const error = values.map((v, k) => (forecast[k] == null ? null : Math.abs(v - forecast[k])));
    const plots = card.plots;
    plots.replaceChildren();
    card.charts = [];
    const width = plots.clientWidth;
    const shared = {
      width, padding: [10, 14, 0, 0], legend: { show: false }, tzDate: (ts) => uPlot.tzDate(new Date(ts * 1000), "UTC"),
      cursor: { sync: { key: series.name }, points: { size: 6 } },
    };
    const read = (u) => {
      const k = u.cursor.idx;
      card.readout.textContent = k == null ? "" :
        `${date.format(times[k] * 1000)}   value ${show(values[k])}   forecast ${show(forecast[k])}   error ${show(error[k])}`;
    };
    const size = 58;
    card.charts.push(new uPlot({
      ...shared, height: 215,
      hooks: { drawClear: [marks(series)], setCursor: [read] },
      axes: [axis({ show: false }), axis({ size, values: short })],
      series: [{}, { stroke: colour("value"), width: 1.2 }, { stroke: colour("forecast"), width: 1.2 }],
    }, [times, values, forecast], plots));
    card.charts.push(new uPlot({
      ...shared, height: 124,
      hooks: { drawClear: [marks(series)], setCursor: [read] },
      axes: [axis({ size: 46 }), axis({ size, values: short })],
      scales: { y: { range: (u, low, high) => [0, high > 0 ? high * 1.05 : 1] } },
      series: [{}, { stroke: colour("error"), width: 1 }],
    }, [times, error], plots));
  }

  const ratio = (series) => series.forecasts[chosen()].ratio;
  const describe = (card) => {
    const r = ratio(card.series);
    const h = horizons[chosen()];
    card.ratio.textContent = r == null
      ? "The series does not vary: there is nothing to forecast."
      : `Mean absolute error ${h} ${h === 1 ? "row" : "rows"} ahead: ${r.toFixed(2)} of repeating the last value's, on the part it has not seen.`;
  };

  const watcher = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (entry.isIntersecting && !entry.target.card.charts) draw(entry.target.card);
    }
  }, { rootMargin: "300px" });

  const cards = data.series.map((series) => {
    const root = element("article");
    const slash = series.name.lastIndexOf("/");
    const heading = element("h2", series.name.slice(slash + 1));
    heading.append(element("small", slash < 0 ? "" : series.name.slice(0, slash)));
    const card = { series, root, ratio: element("p", "", "ratio"), plots: element("div", undefined, "plots"), readout: element("p", "", "readout") };
    root.card = card;
    root.append(heading, card.ratio, card.plots, card.readout);
    describe(card);
    watcher.observe(root);
    return card;
  });

  function arrange() {
    const words = byId("search").value.toLowerCase().split(/\s+/).filter(Boolean);
    const order = byId("order").value;
    const value = (card) => ratio(card.series) ?? 1;
    const shown = cards.filter((card) => words.every((word) => card.series.name.toLowerCase().includes(word)));
    const byName = (a, b) => (a.series.name < b.series.name ? -1 : 1);
    if (order === "name") shown.sort(byName);
    if (order === "best") shown.sort((a, b) => value(a) - value(b) || byName(a, b));
    if (order === "worst") shown.sort((a, b) => value(b) - value(a) || byName(a, b));
    byId("charts").replaceChildren(...shown.map((card) => card.root));
    byId("found").textContent = `${shown.length} of ${cards.length} series`;
  }

  function redraw() {
    for (const card of cards) {
      describe(card);
      if (card.charts) draw(card);
    }
  }

  byId("search").addEventListener("input", arrange);
  byId("order").addEventListener("change", arrange);
  byId("horizon").addEventListener("change", () => { redraw(); arrange(); });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  let width = innerWidth;
  addEventListener("resize", () => { if (innerWidth !== width) { width = innerWidth; redraw(); } });
  arrange();
})();
