// Fills a CouchDB with so many pictures, picture-0 and on: node seed.js URL FILE COUNT.
const { reach } = require('../../scenarios/services/couchdb/reach.js')
const fs = require('fs')
const [url, file, count] = [process.argv[2], process.argv[3], Number(process.argv[4])]
const original = { content_type: 'image/png', data: fs.readFileSync(file, 'base64') }
const docs = Array.from({ length: count }, (_, n) => ({ _id: `picture-${n}`, _attachments: { original } }))
async function send (method, path, body) {
  const answer = await reach(url + path, { method, headers: { 'Content-Type': 'application/json' }, body })
  if (!answer.ok && answer.status !== 404) throw new Error(`${method} ${url}${path} answered ${answer.status}`)
}
(async () => {
  await send('DELETE', '')
  await send('PUT', '')
  await send('POST', '/_bulk_docs', JSON.stringify({ docs }))
})().catch(fault => { console.error(fault.message); process.exit(1) })
