// ---- marks that SVG draws: the times in which a container worked, and the fields of a heat map. A mark lies in a row of its
// drawing, from and to as shares of its width; marks are sorted by row, then by from.
const byFirst = (a, b) => points.due[a] - points.due[b];
const number = (n, noun) => `${n} ${noun}${n === 1 ? "" : "s"}`;

function grouped(key) {
  const groups = new Map();
  for (let i = 0; i < (points.cell ?? []).length; i++) {
    const k = key(i);
    if (!groups.has(k)) groups.set(k, []);
    groups.get(k).push(i);
  }
  return k => groups.get(k) ?? [];
}
let inBox = null, inField = null; // made when the first mark is looked for

function spans(l) {
  const box = (cell, container, node) => JSON.stringify([cell, container, node]), exact = 2e-6;
  inBox ??= grouped(i => box(points.cell[i], points.texts[points.container[i]], points.texts[points.node[i]]));
  const wide = Math.max(l.to - l.from, 1e-9);
  // A call belongs to the last span of its kind that began before it was due.
  const until = (life, i) => (life.spans.slice(i + 1).find(n => n.kind === life.spans[i].kind)?.from ?? Infinity) - exact;
  return l.rows.flatMap((life, row) => life.spans.map((s, i) => ({
    row, from: (s.from - l.from) / wide, to: (s.to - l.from) / wide, of: s.calls,
    text: `${life.container || "container"}: ${s.kind}, ${number(s.calls, "call")}, ${seconds(s.from)} to ${seconds(s.to)}`,
    calls: () => inBox(box(l.cell, life.container, life.node)).filter(p => data.kinds[points.kind[p]] === s.kind && points.due[p] >= s.from - exact && points.due[p] < until(life, i)).sort(byFirst),
  })));
}

function fields(p) {
  const h = p.heat, rows = h.counts.length, columns = h.counts[0].length, marks = [];
  inField ??= grouped(i => points.cell[i] + "/" + points.phase[i] + "/" + points.field[i]);
  const due = x => seconds(h.from + (h.to - h.from) * x / columns), took = y => seconds(h.low * (h.high / h.low) ** (y / rows));
  for (let y = rows - 1; y >= 0; y--) for (let x = 0; x < columns; x++) {
    const of = h.counts[y][x];
    if (of) marks.push({ row: rows - 1 - y, from: x / columns, to: (x + 1) / columns, of, text: `${number(of, "call")}, due ${due(x)} to ${due(x + 1)}, ${took(y)} to ${took(y + 1)} long`,
      calls: () => inField(p.cell + "/" + p.phase + "/" + (y * columns + x)).slice().sort(byFirst) });
  }
  return marks;
}

// choosable lets the reader choose a mark of a drawing and open its calls. reach is how far beside a mark the mouse may be.
function choosable(at, make, rows, reach) {
  const said = at.closest("figure").querySelector(".chosen"), cursor = document.createElement("div");
  let marks = null, chosen = -1;
  cursor.className = "at";
  cursor.hidden = true;
  at.append(cursor);
  function choose(i) {
    chosen = i;
    cursor.hidden = i < 0;
    said.textContent = i < 0 ? "\u00a0" : marks[i].text;
    if (i >= 0) cursor.style.cssText = `left:${marks[i].from * 100}%;width:${(marks[i].to - marks[i].from) * 100}%;top:${marks[i].row / rows * 100}%;height:${100 / rows}%`;
  }
  function under(e) {
    const b = at.getBoundingClientRect(), x = (e.clientX - b.left) / b.width, row = Math.floor((e.clientY - b.top) / b.height * rows);
    let best = -1, distance = reach / b.width, long = Infinity;
    (marks ??= make()).forEach((m, i) => {
      const d = Math.max(m.from - x, x - m.to, 0);
      if (m.row === row && (d < distance || d === distance && m.to - m.from < long)) { best = i; distance = d; long = m.to - m.from; }
    });
    return best;
  }
  // next is the mark that a key leads to: within the row, or the nearest in the next row that has any.
  function next(key) {
    marks ??= make();
    if (!marks.length) return -1;
    if (chosen < 0) return 0;
    const here = marks[chosen], middle = m => (m.from + m.to) / 2, within = i => marks[i]?.row === here.row ? i : chosen;
    switch (key) {
      case "ArrowRight": return within(chosen + 1);
      case "ArrowLeft": return within(chosen - 1);
      case "Home": return marks.findIndex(m => m.row === here.row);
      case "End": return marks.findLastIndex(m => m.row === here.row);
    }
    const way = key === "ArrowDown" ? 1 : -1;
    let best = chosen, far = [Infinity, Infinity];
    marks.forEach((m, i) => {
      const d = [(m.row - here.row) * way, Math.abs(middle(m) - middle(here))];
      if (d[0] > 0 && (d[0] < far[0] || d[0] === far[0] && d[1] < far[1])) { best = i; far = d; }
    });
    return best;
  }
  at.addEventListener("mousemove", e => choose(under(e)));
  at.addEventListener("mouseleave", () => choose(-1));
  at.addEventListener("click", e => { choose(under(e)); reveal(); });
  at.addEventListener("keydown", e => {
    if (e.key === "Enter" && chosen >= 0) { e.preventDefault(); reveal(); } // else the key would press a button in the dialog, too
    if (!["ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown", "Home", "End"].includes(e.key)) return;
    e.preventDefault();
    choose(next(e.key));
  });
  function reveal() {
    if (chosen < 0) return;
    const mark = marks[chosen], calls = mark.calls();
    if (mark.of === 1 && calls.length === 1) open(calls[0]); else list(mark);
  }
}

for (const at of document.querySelectorAll("[data-lives]")) {
  const l = data.charts.lives[at.dataset.lives];
  choosable(at, () => spans(l), l.rows.length, 8);
}
for (const at of document.querySelectorAll("[data-heat]")) {
  const p = data.charts.phases[at.dataset.heat];
  choosable(at, () => fields(p), p.heat.counts.length, 0);
}
