// CouchDB's HTTP API on PORT and HOST, in memory: what is written is gone when it ends.
const fs = require('fs'), os = require('os'), path = require('path')
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'couchdb-service-'))
process.chdir(folder) // express-pouchdb leaves its configuration where it is started
const PouchDB = require('pouchdb-core')
  .plugin(require('pouchdb-adapter-memory'))
  .plugin(require('pouchdb-mapreduce'))
  .plugin(require('pouchdb-replication'))
  .plugin(require('pouchdb-find'))
  .defaults({ adapter: 'memory' })
const app = require('express')()
const login = process.env.COUCHDB_LOGIN // USER:PASSWORD that everybody must say; nobody when empty
if (login) {
  const wanted = 'Basic ' + Buffer.from(login).toString('base64')
  app.use((question, answer, next) => question.headers.authorization === wanted ? next() : answer.status(401).json({ error: 'unauthorized' }))
}
app.get('/_up', (_, answer) => answer.json({ status: 'ok' }))
app.use(require('express-pouchdb')(PouchDB, {
  inMemoryConfig: true,
  logPath: path.join(folder, 'log.txt'),
  mode: 'minimumForPouchDB',
  overrideMode: { include: ['routes/find', 'compression'] },
}))
app.listen(Number(process.env.PORT), process.env.HOST)
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit())
process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }))
