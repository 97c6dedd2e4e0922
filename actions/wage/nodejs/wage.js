// Wages: insert checks a record, format rounds it and write keeps it; then the change starts six steps that compute statistics.
// A URL may hold a login, which fetch wants apart.
function reach (url, options = {}) {
  const at = new URL(url), login = decodeURIComponent(at.username) + ':' + decodeURIComponent(at.password)
  if (!at.username) return fetch(url, options)
  at.username = at.password = ''
  return fetch(at, { ...options, headers: { ...options.headers, Authorization: 'Basic ' + Buffer.from(login).toString('base64') } })
}

const json = { 'Content-Type': 'application/json' }
const key = () => 'Basic ' + Buffer.from(process.env.__OW_API_KEY).toString('base64')
const api = path => `${process.env.__OW_API_HOST}/api/v1/namespaces/_/${path}`

async function invoke (name, body) {
  const answer = await fetch(api(`actions/${name}?blocking=true&result=true`), {
    method: 'POST', headers: { ...json, Authorization: key() }, body: JSON.stringify(body),
  })
  const result = await answer.json()
  if (answer.status !== 200) throw new Error(`${name} answered ${answer.status}: ${result.error ?? 'it still runs'}`)
  return result
}

async function documents (store) {
  const answer = await reach(`${store}/_all_docs?include_docs=true`)
  if (!answer.ok) throw new Error(`the store answered ${answer.status}`)
  return (await answer.json()).rows.map(row => row.doc).filter(doc => doc.type === 'wage')
}

// put keeps a document, unless what is there already is newer.
async function put (store, id, document, newer = () => false) {
  for (let attempt = 0; attempt < 50; attempt++) {
    const read = await reach(`${store}/${id}`)
    const old = read.ok ? await read.json() : undefined
    if (old && newer(old)) return
    const _rev = old?._rev
    const answer = await reach(`${store}/${id}`, { method: 'PUT', headers: json, body: JSON.stringify({ ...document, _rev }) })
    if (answer.ok) return
    if (answer.status !== 409) throw new Error(`the store answered ${answer.status}`)
  }
  throw new Error(`${id} is changed by others all the time`)
}

exports.insert = async args => {
  const { name, role, base, merit } = args
  if (!name || !['staff', 'manager'].includes(role) || !(base > 0)) throw new Error('a record needs name, role and base')
  return invoke(args.actions.format, { ...args, merit: merit ?? 0 })
}
exports.format = async args => invoke(args.actions.write, { ...args, base: Math.round(args.base), merit: Math.round(args.merit) })
exports.write = async ({ store, trigger, id, name, role, base, merit }) => {
  await put(store, `wage-${id}`, { type: 'wage', id, name, role, base, merit, written: Date.now() })
  if (!trigger) return { written: id }
  const fired = await fetch(api(`triggers/${trigger}`), { method: 'POST', headers: { ...json, Authorization: key() }, body: JSON.stringify({ id }) })
  if (!fired.ok) throw new Error(`the trigger answered ${fired.status}`)
  return { written: id, fired: (await fired.json().catch(() => ({}))).activationId }
}

// The six steps of the analysis. Each hands on what the next one needs.
exports.read = async ({ store, id }) => ({ id, wages: await documents(store) })
exports.fill = ({ wages, ...rest }) => ({ ...rest, wages: wages.map(w => ({ ...w, insurance: Math.round(w.base * 0.1) })) })
exports.total = ({ wages, ...rest }) => ({ ...rest, wages: wages.map(w => ({ ...w, total: w.base + w.merit })) })
exports.pay = ({ wages, ...rest }) => ({ ...rest, wages: wages.map(w => ({ ...w, paid: w.total - w.insurance })) })
exports.merit = ({ wages, ...rest }) => ({ ...rest, wages, meritShare: wages.reduce((sum, w) => sum + w.merit / w.total, 0) / wages.length })
exports.result = async ({ store, id, wages, meritShare }) => {
  const byRole = {}
  for (const w of wages) {
    const role = byRole[w.role] ??= { count: 0, paid: 0 }
    role.count++
    role.paid += w.paid
  }
  // Several analyses run at once, and one that saw fewer wages may end last.
  const statistics = { type: 'statistics', id, count: wages.length, byRole, meritShare, computed: Date.now() }
  await put(store, 'statistics', statistics, old => old.count > wages.length)
  return { id, count: wages.length, byRole, meritShare }
}
