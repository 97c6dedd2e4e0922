// Computes from the wages in a CouchDB what the analysis should have computed, and prints both: node audit.js URL.
const { reach } = require('../../scenarios/services/couchdb/reach.js')
reach(`${process.argv[2]}/_all_docs?include_docs=true`).then(answer => answer.json()).then(({ rows }) => {
  const docs = rows.map(row => row.doc)
  const wages = docs.filter(doc => doc.type === 'wage')
  const statistics = docs.find(doc => doc.type === 'statistics')
  const paid = wages.reduce((sum, w) => sum + w.base + w.merit - Math.round(w.base * 0.1), 0)
  const kept = Object.values(statistics.byRole).reduce((sum, role) => sum + role.paid, 0)
  console.log(JSON.stringify({ count: wages.length, paid, statistics: { count: statistics.count, paid: kept } }))
}).catch(fault => { console.error(fault.message); process.exit(1) })
