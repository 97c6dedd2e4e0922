// Says how much money there is, and how much more that is than was seeded: node audit.js URL ACCOUNTS.
const { reach } = require('../../../scenarios/services/couchdb/reach.js')
const [url, accounts] = [process.argv[2], Number(process.argv[3])]
reach(`${url}/_all_docs?include_docs=true`).then(answer => answer.json()).then(({ rows }) => {
  let total = 0
  for (const { doc } of rows) total += doc.balance
  const seeded = 3_000_000 * accounts + 1000 * accounts * (accounts + 1)
  console.log(JSON.stringify({ accounts: rows.length / 2, total, seeded, moved: total - seeded }))
}).catch(fault => { console.error(fault.message); process.exit(1) })
