// Okabe and Ito's colours, which colour-blind readers tell apart, and brighter ones of the same order
const onPaper = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7a5195", "#8c564b"];
const onDark = ["#4ba3e3", "#ff8a3d", "#2fc79b", "#f2a1cd", "#f0bd5c", "#9fdcff", "#b794e6", "#c79a8d"];
let palette = onPaper;

// ---- theme: auto, light, dark
const dark = matchMedia("(prefers-color-scheme: dark)");
let wish = "auto", printing = false;
function theme() {
  const is = printing ? "light" : wish === "auto" ? (dark.matches ? "dark" : "light") : wish;
  root.dataset.theme = is;
  palette = is === "dark" ? onDark : onPaper;
  $("theme").textContent = "Theme: " + wish;
}
$("theme").onclick = () => { wish = { auto: "light", light: "dark", dark: "auto" }[wish]; theme(); draw(); };
dark.addEventListener("change", () => { theme(); draw(); });
addEventListener("beforeprint", () => { printing = true; theme(); draw(); });
addEventListener("afterprint", () => { printing = false; theme(); draw(); });

// ---- the selector: which cells and phases are shown
const shown = { cell: new Set(), phase: new Set() };
const boxes = [...document.querySelectorAll(".selector input")];
function select() {
  const off = boxes.filter(b => !b.checked);
  shown.cell = new Set(data.cells.map((_, i) => i).filter(i => !off.some(b => b.dataset.axis !== undefined && data.cells[i].values[b.dataset.axis] === b.value)));
  shown.phase = new Set(data.phases.map(p => p.name).filter(n => !off.some(b => b.dataset.axis === undefined && b.value === n)));
  for (const e of document.querySelectorAll("[data-cell], [data-phase]")) {
    if (e.dataset.always !== undefined) continue;
    e.toggleAttribute("hidden", (e.dataset.cell !== undefined && !shown.cell.has(+e.dataset.cell)) || (e.dataset.phase !== undefined && !shown.phase.has(e.dataset.phase)));
  }
  if ($("shown")) $("shown").textContent = `${shown.cell.size} of ${data.cells.length} cells shown`;
}
for (const b of boxes) b.addEventListener("change", () => { select(); draw(); });
if ($("all")) $("all").onclick = () => { for (const b of boxes) b.checked = true; select(); draw(); };
const visible = (cell, phase) => shown.cell.has(cell) && shown.phase.has(name[cell + "/" + phase]);

// ---- uPlot: axes, scales and zoom are its own; lines and marks are drawn here, so that each series has its own x
const dashes = [[], [8, 4], [2, 3], [10, 3, 2, 3]];
const log = (lo, hi) => {
  const ticks = [];
  for (let e = Math.floor(Math.log10(lo)); e <= Math.ceil(Math.log10(hi)); e++) for (const m of [1, 2, 5]) {
    const v = m * 10 ** e;
    if (v >= lo * 0.999 && v <= hi * 1.001) ticks.push(v);
  }
  const few = ticks.length > 9 ? ticks.filter(v => /^1/.test((v / 10 ** Math.floor(Math.log10(v) + 1e-9)).toFixed(0))) : ticks;
  return few.length > 1 ? few : [lo, Math.sqrt(lo * hi), hi];
};
const axis = (scale, label, values, isLog, size) => ({
  scale, label, size, labelSize: 18, gap: 4, font: "11px system-ui, sans-serif", labelFont: "12px system-ui, sans-serif", stroke: color("soft"),
  grid: { stroke: color("line"), width: 1 }, ticks: { stroke: color("line"), width: 1, size: 4 }, values: (_, v) => v.map(values),
  ...(isLog ? { splits: (u, i, lo, hi) => log(lo, hi), filter: (_, v) => v } : {}),
});
let plots = [];
// plot draws series [{x, y, paint(ctx, toX, toY, series)}]; with: x and y say label, values and log.
function plot(into, series, x, y, height) {
  const xs = series.flatMap(s => s.x), ys = series.flatMap(s => s.y).filter(v => v !== null);
  if (!xs.length) return null;
  const bounds = (list, a) => {
    let lo = Infinity, hi = -Infinity;
    for (const v of list) { if (v < lo) lo = v; if (v > hi) hi = v; }
    if (a.log) { lo = Math.max(lo, 1e-6); hi = Math.max(hi, lo * 1.5); return [lo / 1.15, hi * 1.15]; }
    if (a.from !== undefined) lo = a.from;
    if (hi <= lo) hi = lo + 1;
    return [lo - (a.from === undefined ? (hi - lo) * 0.02 : 0), a.to ?? hi + (hi - lo) * 0.04];
  };
  const bx = bounds(xs, x), by = bounds(ys, y);
  const scale = a => ({ time: false, distr: a.log ? 3 : 1, range: (_, lo, hi) => [lo, hi] });
  const made = series.map(s => ({ facets: [{ scale: "x", auto: false }, { scale: "y", auto: false }], paths: (u, i) => {
    const ctx = u.ctx;
    ctx.save(); ctx.beginPath(); ctx.rect(u.bbox.left, u.bbox.top, u.bbox.width, u.bbox.height); ctx.clip();
    s.paint(ctx, v => u.valToPos(v, "x", true), v => u.valToPos(v, "y", true), s, devicePixelRatio);
    ctx.restore();
    return null;
  } }));
  const frame = { facets: [{ scale: "x", auto: true }, { scale: "y", auto: true }], paths: () => null };
  const u = new uPlot({
    mode: 2, width: Math.max(into.clientWidth, 220), height, legend: { show: false }, padding: [10, 12, 0, 0],
    scales: { x: scale(x), y: scale(y) }, series: [null, frame, ...made],
    axes: [axis("x", x.label, x.values, x.log, 34), axis("y", y.label, y.values, y.log, 58)],
    cursor: { points: { show: false }, dataIdx: () => null, focus: { prox: -1 }, drag: { x: true, y: true, uni: 20 } },
  }, [null, [bx, by], ...series.map(s => [s.x, s.y])], into);
  plots.push(u);
  return u;
}
const line = (stroke, dash, width) => (ctx, toX, toY, s, ratio) => {
  ctx.strokeStyle = stroke; ctx.lineWidth = width * ratio; ctx.setLineDash(dash.map(d => d * ratio)); ctx.lineJoin = "round";
  ctx.beginPath();
  let begun = false;
  s.x.forEach((v, i) => {
    if (s.y[i] === null) { begun = false; return; }
    const px = toX(Math.max(v, 1e-6)), py = toY(s.y[i]);
    if (begun) { if (s.steps) ctx.lineTo(px, toY(s.y[i - 1])); ctx.lineTo(px, py); } else ctx.moveTo(px, py);
    begun = true;
  });
  ctx.stroke(); ctx.setLineDash([]);
  if (s.marks) for (const [mx, my, shape] of s.marks) { ctx.fillStyle = stroke; ctx.strokeStyle = stroke; mark(ctx, shape, toX(mx), toY(my), 3.6 * ratio); }
};
// mark draws a shape: the second cue beside the colour
function mark(ctx, shape, x, y, r) {
  ctx.beginPath();
  switch (shape) {
    case "triangle": ctx.moveTo(x, y - r); ctx.lineTo(x + r, y + r); ctx.lineTo(x - r, y + r); ctx.closePath(); ctx.fill(); break;
    case "square": ctx.fillRect(x - r * .85, y - r * .85, r * 1.7, r * 1.7); break;
    case "diamond": ctx.moveTo(x, y - r * 1.2); ctx.lineTo(x + r, y); ctx.lineTo(x, y + r * 1.2); ctx.lineTo(x - r, y); ctx.closePath(); ctx.fill(); break;
    case "cross": ctx.lineWidth = r * .7; ctx.moveTo(x - r, y - r); ctx.lineTo(x + r, y + r); ctx.moveTo(x + r, y - r); ctx.lineTo(x - r, y + r); ctx.stroke(); break;
    case "ring": ctx.lineWidth = r * .5; ctx.arc(x, y, r * .9, 0, 7); ctx.stroke(); break;
    default: ctx.arc(x, y, r * .9, 0, 7); ctx.fill();
  }
}
const shapes = { cold: "square", prewarmed: "diamond", initialised: "triangle", warm: "circle", unknown: "ring", error: "cross" };
const shapeSVG = kind => {
  const d = { square: "M2 2h8v8h-8z", diamond: "M6 1l5 5-5 5-5-5z", triangle: "M6 1.5l5 9H1z", circle: "M6 1.5a4.5 4.5 0 1 1-.01 0z" }[shapes[kind]];
  const c = `var(--${kind})`;
  if (d) return `<svg width="12" height="12" aria-hidden="true"><path d="${d}" style="fill:${c}"/></svg>`;
  return shapes[kind] === "ring" ? `<svg width="12" height="12" aria-hidden="true"><circle cx="6" cy="6" r="4" style="fill:none;stroke:${c};stroke-width:2"/></svg>`
    : `<svg width="12" height="12" aria-hidden="true"><path d="M2 2l8 8M10 2l-8 8" style="fill:none;stroke:${c};stroke-width:2.5"/></svg>`;
};
const dashSVG = (stroke, dash) => `<svg class="key" aria-hidden="true"><line x1="0" y1="5" x2="26" y2="5" stroke="${stroke}" stroke-dasharray="${dash.join(" ")}"/></svg>`;

// ---- distribution: one chart a phase; colour and dashes are the cell, dashes the temperature, too
function curves() {
  const into = $("curves");
  if (!into) return;
  into.replaceChildren();
  const later = []; // drawn when all boxes are there: the grid sets their width
  for (const phase of new Set(data.phases.map(p => p.name))) {
    const series = [];
    for (const p of data.charts.phases) {
      if (name[p.cell + "/" + p.phase] !== phase || !visible(p.cell, p.phase)) continue;
      p.curves.forEach((c, i) => {
        const stroke = palette[p.cell % palette.length], dash = dashes[(p.cell + i) % dashes.length];
        series.push({ x: c.x, y: c.y, steps: c.n <= 240, curve: c, stroke, dash, label: data.axes.length ? data.cells[p.cell].id : "",
          marks: [[c.p50, .5, "circle"], [c.p95, .95, "triangle"], [c.p99, .99, "diamond"]], paint: line(stroke, dash, 1.8) });
      });
    }
    if (!series.length) continue;
    const box = document.createElement("div");
    box.className = "plot";
    box.innerHTML = `<figcaption>${escaped(phase)}</figcaption><div class="canvas"></div><div class="wide"><table><thead><tr><th></th><th>start</th><th class="n">n</th><th class="n">● p50</th><th class="n">▲ p95</th><th class="n">◆ p99</th></tr></thead><tbody>${series.map(s =>
      `<tr><td>${dashSVG(s.stroke, s.dash)}${escaped(s.label)}</td><td>${s.curve.kind}</td><td class="n">${s.curve.n}</td><td class="n">${seconds(s.curve.p50)}</td><td class="n">${seconds(s.curve.p95)}${s.curve.n < 76 ? "*" : ""}</td><td class="n">${seconds(s.curve.p99)}${s.curve.n < 441 ? "*" : ""}</td></tr>`).join("")}</tbody></table></div>`;
    into.append(box);
    later.push(() => plot(box.querySelector(".canvas"), series, { log: true, label: "response time", values: tick }, { from: 0, to: 1.02, label: "share of calls", values: v => digits(v * 100) + "%" }, 260));
  }
  for (const now of later) now();
}

// ---- under more load: latency, and offered against achieved
function loads() {
  const into = $("loads");
  if (!into) return;
  into.replaceChildren();
  for (const l of data.loads) {
    if (!shown.phase.has(l.phase) || !l.cells.some(c => shown.cell.has(c))) continue;
    const box = document.createElement("figure");
    box.innerHTML = `<figcaption>${escaped(l.name)}</figcaption><div class="pair"><div class="plot"><div class="canvas"></div><p class="legend"></p></div><div class="plot"><div class="canvas"></div><p class="legend"></p></div></div>
      <div class="wide"><table><thead><tr><th class="n">${l.unit}</th><th class="n">n</th><th class="n">errors</th><th class="n">offered</th><th class="n">achieved</th><th class="n">p50</th><th class="n">p95</th><th class="n">p99</th></tr></thead><tbody>${l.sizes.map(s =>
        `<tr><td class="n">${digits(s.size)}</td><td class="n">${s.n}</td><td class="n">${s.errors}</td><td class="n">${rate(s.offered)}</td><td class="n">${rate(s.achieved)}</td><td class="n">${seconds(s.p50)}</td><td class="n">${seconds(s.p95)}${s.n < 76 ? "*" : ""}</td><td class="n">${seconds(s.p99)}${s.n < 441 ? "*" : ""}</td></tr>`).join("")}</tbody></table></div>`;
    into.append(box);
    const [left, right] = box.querySelectorAll(".canvas"), [leftKey, rightKey] = box.querySelectorAll(".legend");
    const x = l.sizes.map(s => s.size);
    const of = (key, stroke, dash, shape) => ({ x, y: l.sizes.map(s => s[key]), stroke, dash, label: key, marks: l.sizes.filter(s => s[key] !== null).map(s => [s.size, s[key], shape]), paint: line(stroke, dash, 2) });
    const times = [of("p50", palette[0], dashes[0], "circle"), of("p95", palette[1], dashes[1], "triangle"), of("p99", palette[3], dashes[2], "diamond")].filter(s => s.marks.length);
    const rates = [of("offered", palette[4], dashes[1], "triangle"), of("achieved", palette[2], dashes[0], "circle")].filter(s => s.marks.length);
    const knee = s => { if (l.knee !== null) s.push({ x: [l.knee, l.knee], y: [Math.min(...s.flatMap(v => v.y.filter(w => w !== null))), Math.max(...s.flatMap(v => v.y))], stroke: color("soft"), dash: dashes[3], label: "knee " + rate(l.knee), paint: line(color("soft"), dashes[3], 1.5) }); return s; };
    const label = { label: l.unit, values: digits };
    if (times.length) plot(left, knee(times), label, { log: true, label: "response time", values: tick }, 240);
    if (rates.length) plot(right, knee(rates), label, { from: 0, label: "calls a second", values: digits }, 240);
    leftKey.innerHTML = times.map(s => `<span>${dashSVG(s.stroke, s.dash)}${s.label}</span>`).join("");
    rightKey.innerHTML = rates.map(s => `<span>${dashSVG(s.stroke, s.dash)}${s.label}</span>`).join("");
  }
}

// ---- every call over time
let scatter = null, order = [], at = -1;
function calls() {
  const into = $("scatter");
  if (!into) return;
  into.replaceChildren();
  at = -1;
  order = [];
  for (let i = 0; i < (points.cell ?? []).length; i++) if (!points.warmup[i] && visible(points.cell[i], points.phase[i])) order.push(i);
  order.sort((a, b) => points.due[a] - points.due[b]);
  const series = data.kinds.map((kind, k) => {
    const mine = order.filter(i => points.kind[i] === k);
    return { kind, n: mine.length, x: mine.map(i => points.due[i]), y: mine.map(i => Math.max(points.response[i], 1e-6)), paint: (ctx, toX, toY, s, ratio) => {
      ctx.fillStyle = ctx.strokeStyle = color(kind); ctx.globalAlpha = s.x.length > 2000 ? .55 : .85;
      const r = (s.x.length > 2000 ? 2 : s.x.length > 300 ? 3 : 4) * ratio;
      s.x.forEach((v, i) => mark(ctx, shapes[kind], toX(v), toY(s.y[i]), r));
    } };
  }).filter(s => s.n);
  // the few are drawn last, above the many
  scatter = plot(into, [...series].sort((a, b) => b.n - a.n), { label: "due, since the run began", values: tick }, { log: true, label: "response time", values: tick }, 360);
  for (const legend of document.querySelectorAll(".kinds")) legend.innerHTML = series.map(s => `<span>${shapeSVG(s.kind)}${s.kind} <small>${s.n}</small></span>`).join("");
  if (!scatter) { into.textContent = "No call of what is selected."; return; }
  ring = document.createElement("div");
  ring.style.cssText = `position:absolute;width:16px;height:16px;margin:-8px 0 0 -8px;border:2px solid ${color("ink")};border-radius:50%;pointer-events:none;display:none`;
  scatter.over.append(ring);
  scatter.over.addEventListener("mousemove", e => { const b = scatter.over.getBoundingClientRect(); point(nearest(e.clientX - b.left, e.clientY - b.top)); });
  let down = null;
  scatter.over.addEventListener("mousedown", e => { down = [e.clientX, e.clientY]; });
  scatter.over.addEventListener("click", e => { if (at >= 0 && down && Math.hypot(e.clientX - down[0], e.clientY - down[1]) < 4) open(order[at]); });
}
let ring = null;
function nearest(x, y) {
  let best = -1, distance = 30 * 30;
  order.forEach((p, i) => {
    const dx = scatter.valToPos(points.due[p], "x") - x;
    if (dx * dx >= distance) return;
    const dy = scatter.valToPos(Math.max(points.response[p], 1e-6), "y") - y, d = dx * dx + dy * dy;
    if (d < distance) { distance = d; best = i; }
  });
  return best;
}
function point(i) {
  at = i;
  if (i < 0) { ring.style.display = "none"; $("under").textContent = "\u00a0"; return; }
  const p = order[i];
  ring.style.display = "block";
  ring.style.left = scatter.valToPos(points.due[p], "x") + "px";
  ring.style.top = scatter.valToPos(Math.max(points.response[p], 1e-6), "y") + "px";
  $("under").textContent = `${where(p)}: ${data.kinds[points.kind[p]]}, ${seconds(points.response[p])}, due at ${seconds(points.due[p])}`;
}
if ($("scatter")) $("scatter").addEventListener("keydown", e => {
  const step = { ArrowRight: 1, ArrowLeft: -1, PageDown: 25, PageUp: -25 }[e.key];
  if (!scatter) return;
  if (step) { point(Math.min(Math.max(at + step, 0), order.length - 1)); e.preventDefault(); }
  if (e.key === "Home") { point(0); e.preventDefault(); }
  if (e.key === "End") { point(order.length - 1); e.preventDefault(); }
  if (e.key === "Enter" && at >= 0) { e.preventDefault(); open(order[at]); } // else the key would press Close in the dialog, too
});

function draw() {
  for (const u of plots) u.destroy();
  plots = [];
  curves(); loads(); calls();
  root.dataset.drawn = plots.length;
}
theme(); select(); draw();
let width = innerWidth;
addEventListener("resize", () => { if (innerWidth !== width) { width = innerWidth; draw(); } });
