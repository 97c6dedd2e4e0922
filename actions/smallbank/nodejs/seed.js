// Fills a CouchDB with so many accounts: node seed.js URL ACCOUNTS.
const { reach } = require('../../../scenarios/services/couchdb/reach.js')
const [url, accounts] = [process.argv[2], Number(process.argv[3])]
const docs = []
for (let n = 1; n <= accounts; n++) {
  docs.push({ _id: `checking-${n}`, balance: 1_000_000 + 1000 * n }, { _id: `savings-${n}`, balance: 2_000_000 + 1000 * n })
}
async function send (method, path, body) {
  const answer = await reach(url + path, { method, headers: { 'Content-Type': 'application/json' }, body })
  if (!answer.ok && answer.status !== 404) throw new Error(`${method} ${url}${path} answered ${answer.status}`)
}
(async () => {
  await send('DELETE', '')
  await send('PUT', '')
  await send('POST', '/_bulk_docs', JSON.stringify({ docs }))
})().catch(fault => { console.error(fault.message); process.exit(1) })
