// Makes a database anew and puts documents into it: node seed.js URL '[{"_id": …}, …]'.
const { reach } = require('./reach.js')
const [url, docs] = [process.argv[2], process.argv[3] ?? '[]']
async function send (method, path, body) {
  const answer = await reach(url + path, { method, headers: { 'Content-Type': 'application/json' }, body })
  if (!answer.ok && answer.status !== 404) throw new Error(`${method} ${url}${path} answered ${answer.status}`)
}
(async () => {
  await send('DELETE', '')
  await send('PUT', '')
  await send('POST', '/_bulk_docs', JSON.stringify({ docs: JSON.parse(docs) }))
})().catch(fault => { console.error(fault.message); process.exit(1) })
