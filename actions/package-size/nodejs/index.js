// Says how large its own package is, and reads all of it when it is told to.
const fs = require('fs'), path = require('path')

exports.main = ({ read = false }) => {
  const start = Date.now()
  let files = 0, bytes = 0, sum = 0
  const walk = folder => {
    for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
      const name = path.join(folder, entry.name)
      if (entry.isDirectory()) walk(name)
      if (!entry.isFile()) continue
      files++
      bytes += fs.statSync(name).size
      if (read) for (const byte of fs.readFileSync(name)) sum = (sum + byte) % 65521
    }
  }
  walk(__dirname)
  return { files, bytes, sum, start }
}
