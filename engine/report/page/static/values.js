// What the page is about, and values for people.
const data = JSON.parse(document.getElementById("data").textContent);
const $ = id => document.getElementById(id);
const root = document.documentElement;
const points = data.charts.points;
const color = name => getComputedStyle(root).getPropertyValue("--" + name).trim();
const name = {};
for (const p of data.phases) name[p.cell + "/" + p.phase] = p.name;

// ---- values for people: three significant digits and a unit, as in the tables
function seconds(s) {
  if (s === null || s === undefined || !isFinite(s)) return "–";
  const size = Math.abs(s);
  for (const [unit, one] of [["s", 1], ["ms", 1e-3], ["µs", 1e-6]]) {
    if (size >= one * 0.9995) return digits(s / one) + unit;
  }
  return size === 0 ? "0" : digits(s / 1e-9) + "ns";
}
function digits(v) {
  const size = Math.abs(v);
  return v.toFixed(size >= 99.95 || Number.isInteger(v) ? 0 : size >= 9.995 ? 1 : 2);
}
const tick = s => seconds(s).replace(/(\.\d*?)0+(?=\D)/, "$1").replace(/\.(?=\D)/, "");
const rate = v => v === null || v === undefined ? "–" : digits(v) + "/s";
const escaped = text => String(text).replace(/[&<>"']/g, c => "&#" + c.charCodeAt(0) + ";");
const where = p => (data.axes.length ? data.cells[points.cell[p]].id + " " : "") + name[points.cell[p] + "/" + points.phase[p]];
