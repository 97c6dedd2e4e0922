// Fills a CouchDB with so many wages: node seed.js URL RECORDS.
const { reach } = require('../../scenarios/services/couchdb/reach.js')
const [url, records] = [process.argv[2], Number(process.argv[3])]
const docs = Array.from({ length: records }, (_, n) => ({
  _id: `wage-seed-${n}`, type: 'wage', id: `seed-${n}`, name: `seed-${n}`, role: n % 3 ? 'staff' : 'manager', base: 2000 + 100 * n, merit: 50 * n,
}))
async function send (method, path, body) {
  const answer = await reach(url + path, { method, headers: { 'Content-Type': 'application/json' }, body })
  if (!answer.ok && answer.status !== 404) throw new Error(`${method} ${url}${path} answered ${answer.status}`)
}
(async () => {
  await send('DELETE', '')
  await send('PUT', '')
  await send('POST', '/_bulk_docs', JSON.stringify({ docs }))
})().catch(fault => { console.error(fault.message); process.exit(1) })
