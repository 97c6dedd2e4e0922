// A voice assistant: frontend understands a sentence, interact routes it to a skill, a skill answers; the smart home skill asks
// each of its devices by a function of its own. Every step calls the next one through OpenWhisk and waits for it.
// A URL may hold a login, which fetch wants apart.
function reach (url, options = {}) {
  const at = new URL(url), login = decodeURIComponent(at.username) + ':' + decodeURIComponent(at.password)
  if (!at.username) return fetch(url, options)
  at.username = at.password = ''
  return fetch(at, { ...options, headers: { ...options.headers, Authorization: 'Basic ' + Buffer.from(login).toString('base64') } })
}

async function invoke (name, body) {
  const answer = await fetch(`${process.env.__OW_API_HOST}/api/v1/namespaces/_/actions/${name}?blocking=true&result=true`, {
    method: 'POST',
    headers: {
      Authorization: 'Basic ' + Buffer.from(process.env.__OW_API_KEY).toString('base64'), 'Content-Type': 'application/json',
    },
    body: JSON.stringify(body),
  })
  const result = await answer.json()
  if (answer.status !== 200) throw new Error(`${name} answered ${answer.status}: ${result.error ?? 'it still runs'}`)
  return result
}

// stamped adds this step's name and moments to those of the steps below it.
const stamped = (step, began, result) => ({ ...result, steps: [{ step, began, ended: Date.now() }, ...(result.steps ?? [])] })

const phrases = [
  [/^tell me a fact$/, () => ({ skill: 'fact' })],
  [/^remind me to (.+)$/, what => ({ skill: 'reminder', intent: 'set', what })],
  [/^what should i remember$/, () => ({ skill: 'reminder', intent: 'get' })],
  [/^(?:turn|switch) (on|off) my home, password (.+)$/, (state, password) => ({ skill: 'smarthome', state, password })],
]

exports.frontend = async ({ utterance, actions, ...rest }) => {
  const began = Date.now()
  for (const [pattern, request] of phrases) {
    const found = pattern.exec(utterance.trim().toLowerCase())
    if (found) return stamped('frontend', began, await invoke(actions.interact, { ...rest, actions, request: request(...found.slice(1)) }))
  }
  return stamped('frontend', began, { speech: 'I did not understand that.' })
}

exports.interact = async ({ request, actions, ...rest }) => {
  const began = Date.now()
  return stamped('interact', began, await invoke(actions[request.skill], { ...rest, actions, request }))
}

const facts = ['A day on Venus is longer than its year.', 'Honey does not spoil.', 'Octopuses have three hearts.']
exports.fact = ({ n = 0 }) => stamped('fact', Date.now(), { speech: facts[n % facts.length] })

exports.reminder = async ({ request, store, user = 'somebody' }) => {
  const began = Date.now()
  const url = `${store}/reminder-${user}`
  const found = await reach(url)
  const document = found.ok ? await found.json() : { what: [] }
  if (request.intent === 'get') return stamped('reminder', began, { speech: document.what.join(' and ') || 'Nothing.' })
  document.what.push(request.what)
  const written = await reach(url, { method: 'PUT', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(document) })
  if (!written.ok) throw new Error(`the store answered ${written.status}`)
  return stamped('reminder', began, { speech: `I will remind you to ${request.what}.` })
}

const devices = ['door', 'light', 'tv', 'air', 'plug']
exports.smarthome = async ({ request, actions, home, password }) => {
  const began = Date.now()
  if (request.password !== password) return stamped('smarthome', began, { speech: 'Wrong password.' })
  const answers = await Promise.all(devices.map(device => invoke(actions.device, { device, state: request.state, home })))
  const states = Object.fromEntries(answers.map(one => [one.device, one.state]))
  return stamped('smarthome', began, {
    speech: `Your home is ${request.state}.`, states, on: answers.filter(one => one.state === 'on').length,
    steps: answers.flatMap(one => one.steps),
  })
}

exports.device = async ({ device, state, home }) => {
  const began = Date.now()
  const answer = await fetch(`${home}/${device}`, { method: 'POST', body: state })
  if (!answer.ok) throw new Error(`the ${device} answered ${answer.status}`)
  return stamped(`device ${device}`, began, await answer.json())
}
