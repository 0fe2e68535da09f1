(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const byId = (id) => document.getElementById(id);
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
  const element = (tag, text, type) => {
    const made = document.createElement(tag);
    if (text !== undefined) made.textContent = text;
    if (type) made.className = type;
    return made;
  };
  const whole = new Intl.NumberFormat("en");
  const show = (v) => (v === 0 ? "0" : Math.abs(v) < 1e-3 || Math.abs(v) >= 1e6 ? v.toExponential(2) : v.toPrecision(4));
  const named = (column) => (column.output ? column.output + " " : "") + "[" + column.index + "]";

  byId("verdict").textContent =
    `${whole.format(data.timesteps)} timesteps of ${whole.format(data.streams)} streams, recorded by ${data.then}, scored again by ${data.now}.`;
  const fact = (label, value, note) => {
    const box = element("div");
    box.append(element("dt", label), element("dd", value, value.length > 14 ? "long" : ""), element("dd", note, "note"));
    byId("facts").append(box);
  };
  const worst = data.shifts.reduce((a, b) => (b.greatest > a.greatest ? b : a), data.shifts[0] ?? { greatest: 0 });
  fact("Timesteps", whole.format(data.timesteps), `of ${whole.format(data.streams)} streams`);
  fact("The same to a bit", whole.format(data.same), "timesteps");
  fact("Greatest shift", show(worst.greatest), worst.greatestStream ? `${named(worst)} of stream ${worst.greatestStream}, timestep ${whole.format(worst.greatestTimestep)}` : "");
  fact("Not recorded", whole.format(data.missing), "timesteps that only the other model scored");
  fact("Then", data.then, "fingerprint, precision, version of the arithmetic");
  fact("Now", data.now, "the same of the other model");

  const table = byId("columns");
  const row = (tag, cells) => {
    const made = element("tr");
    cells.forEach((cell) => made.append(element(tag, cell)));
    table.append(made);
  };
  row("th", ["output", "mean shift", "mean size", "root mean square", "greatest", "correlation", "mean size / deviation"]);
  for (const c of data.shifts) {
    row("td", [named(c), show(c.mean), show(c.meanAbsolute), show(c.rootMeanSquare), show(c.greatest), c.correlation.toFixed(4),
      c.deviationThen > 0 ? (c.meanAbsolute / c.deviationThen).toFixed(3) : ""]);
  }

  const axis = (more) => ({
    stroke: colour("dim"), grid: { stroke: colour("line"), width: 1 }, ticks: { stroke: colour("line"), width: 1 },
    font: "12px system-ui, sans-serif", ...more,
  });
  const card = (parent, title) => {
    const root = element("article");
    const plots = element("div", undefined, "plots");
    root.append(element("h2", title), plots);
    parent.append(root);
    return plots;
  };
  const power = (u, values) => values.map((v) => (Number.isInteger(v) ? show(2 ** v) : ""));

  function spread() {
    byId("spread").replaceChildren();
    for (const c of data.shifts.slice(0, 12)) {
      const used = c.bins.map((n, k) => (n > 0 ? k : -1)).filter((k) => k >= 0);
      if (used.length === 0) continue;
      const from = Math.max(0, used[0] - 1), to = Math.min(c.bins.length - 1, used[used.length - 1] + 1);
      const xs = [], ys = [];
      for (let k = from; k <= to; k++) {
        xs.push(k + data.leastExponent);
        ys.push(c.bins[k]);
      }
      const plots = card(byId("spread"), named(c) + (c.same > 0 ? `, ${whole.format(c.same)} the same` : ""));
      new uPlot({
        width: plots.clientWidth, height: 190, legend: { show: false }, padding: [10, 14, 0, 0], cursor: { show: false },
        scales: { x: { time: false, range: [xs[0] - 0.6, xs[xs.length - 1] + 0.6] }, y: { range: (u, low, high) => [0, high * 1.05] } },
        axes: [axis({ size: 46, values: power, space: 60, incrs: [1, 2, 4, 8] }), axis({ size: 70, values: (u, vs) => vs.map((v) => whole.format(v)) })],
        series: [{}, { stroke: colour("error"), fill: colour("error"), points: { show: false }, paths: uPlot.paths.bars({ size: [0.8, 60] }) }],
      }, [xs, ys], plots);
    }
  }

  function courses() {
    byId("charts").replaceChildren();
    for (const c of data.courses) {
      const plots = card(byId("charts"), c.stream);
      const shared = {
        width: plots.clientWidth, padding: [10, 14, 8, 0], legend: { show: false },
        cursor: { sync: { key: c.stream }, points: { size: 6 } },
      };
      const values = (u, vs) => vs.map((v) => (v == null ? "" : show(v)));
      new uPlot({
        ...shared, height: 190, scales: { x: { time: false } },
        axes: [axis({ show: false }), axis({ size: 62, values })],
        series: [{}, { stroke: colour("value"), width: 1.2 }, { stroke: colour("forecast"), width: 1.2 }],
      }, [c.timesteps, c.then, c.now], plots);
      new uPlot({
        ...shared, height: 120, scales: { x: { time: false } },
        axes: [axis({ size: 40, values: (u, vs) => vs.map((v) => whole.format(v)) }), axis({ size: 62, values })],
        series: [{}, { stroke: colour("error"), width: 1 }],
      }, [c.timesteps, c.now.map((v, k) => v - c.then[k])], plots);
    }
  }

  const draw = () => { spread(); courses(); };
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  let width = innerWidth;
  addEventListener("resize", () => { if (innerWidth !== width) { width = innerWidth; draw(); } });
  draw();
})();
