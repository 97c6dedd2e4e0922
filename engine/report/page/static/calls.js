// ---- what a mark opens: all that is known of one call, or the calls behind a mark that stands for several
const dialog = $("call"), inside = dialog.querySelector("div");
let behind = null; // the list that the call was chosen from

// The text has the focus, not its first button: the key that opened the dialog would press that, too, as long as it is held.
function show(html) {
  inside.innerHTML = html;
  if (!dialog.open) dialog.showModal();
  inside.focus();
}

function open(p) {
  const text = i => points.texts[i], ms = v => v === null ? "–" : v + "ms";
  const rows = [["activation", points.activation[p]], ["of", where(p) + (points.step[p] ? `, step ${points.step[p]}` : "") + (points.warmup[p] ? ", warm-up" : "")], ["outcome", text(points.outcome[p]) + (points.status[p] ? `, HTTP ${points.status[p]}` : "")],
    ["error", text(points.error[p])], ["start", data.kinds[points.kind[p]]], ["proof", text(points.proof[p])], ["due", seconds(points.due[p]) + " into the run"], ["response", seconds(points.response[p])],
    ["sent late by", seconds(points.lag[p])], ["wait", ms(points.wait[p])], ["init", ms(points.init[p])], ["run", ms(points.run[p])], ["node", text(points.node[p])], ["container", text(points.container[p])],
    ["user and call", points.user[p] + ", " + points.seq[p]], ["transaction", points.transaction[p]], ["request and response", points.bytes[p].join(" and ") + " bytes"]];
  show(`<h3>One call</h3><dl>${rows.filter(r => r[1] !== "" && r[1] !== undefined).map(r => `<dt>${r[0]}</dt><dd>${escaped(r[1])}</dd>`).join("")}</dl>${behind ? `<button type="button" data-back>Back to the list</button>` : ""}`);
}

// list shows the calls of a mark {text, calls, of}: of is how many it stands for, of which the page may hold only some.
const mostListed = 400;
function list(mark) {
  behind = mark;
  const calls = mark.calls(), listed = calls.slice(0, mostListed), left = [];
  if (calls.length < mark.of) left.push(`${calls.length} of its ${mark.of} calls are in this page, which was down-sampled: wsk-scenario samples writes all.`);
  if (listed.length < calls.length) left.push(`The first ${listed.length} are listed.`);
  show(`<h3>${escaped(mark.text)}</h3>${left.map(t => `<p class="note">${t}</p>`).join("")}<div class="wide listed"><table><thead><tr><th>activation</th><th>of</th><th class="n">due</th><th class="n">response</th><th>start</th></tr></thead><tbody>${listed.map(p =>
    `<tr><td><button type="button" data-call="${p}"><code>${escaped(points.activation[p] || "none")}</code></button></td><td>${escaped(where(p))}${points.warmup[p] ? ", warm-up" : ""}</td><td class="n">${seconds(points.due[p])}</td><td class="n">${seconds(points.response[p])}</td><td>${data.kinds[points.kind[p]]}</td></tr>`).join("")}</tbody></table></div>`);
}

inside.addEventListener("click", e => {
  const call = e.target.closest("[data-call]");
  if (call) open(+call.dataset.call);
  else if (e.target.closest("[data-back]")) list(behind);
});
dialog.addEventListener("close", () => { behind = null; });
