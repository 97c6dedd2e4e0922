// The devices of a home, on PORT and HOST: POST /DEVICE switches one, and GET / tells the state of all.
const states = {}
require('http').createServer((request, response) => {
  const device = request.url.slice(1)
  let body = ''
  request.on('data', part => { body += part })
  request.on('end', () => {
    if (request.method === 'POST' && device) states[device] = body
    response.setHeader('Content-Type', 'application/json')
    response.end(JSON.stringify(device ? { device, state: states[device] ?? 'off' } : states))
  })
}).listen(Number(process.env.PORT), process.env.HOST)
