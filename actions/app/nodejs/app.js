// A web server in the function, that the function asks: what a program with a framework has to load before it can work.
const http = require('http'), crypto = require('crypto'), zlib = require('zlib')

exports.main = ({ name = 'stranger' }) => new Promise((resolve, reject) => {
  const start = Date.now()
  const server = http.createServer((request, response) => {
    const text = `Hello, ${new URL(request.url, 'http://localhost').searchParams.get('name')}!`
    response.end(JSON.stringify({ greeting: text, digest: crypto.createHash('sha256').update(text).digest('hex') }))
  })
  server.listen(0, '127.0.0.1', async () => {
    try {
      const answer = await fetch(`http://127.0.0.1:${server.address().port}/?name=${encodeURIComponent(name)}`)
      const body = await answer.json()
      resolve({ ...body, start, packed: zlib.gzipSync(body.greeting).length })
    } catch (fault) {
      reject(fault)
    } finally {
      server.close()
    }
  })
})
