// Drives a running standalone OpenWhisk with OpenWhisk's own JavaScript client: node test.js URL AUTH.
// It ends with status 0 and the word "passed" only when every expectation held.
'use strict'

const assert = require('node:assert/strict')
const openwhisk = require('openwhisk')

const [apihost, apiKey] = process.argv.slice(2)
const ow = openwhisk({ apihost, api_key: apiKey, ignore_certs: true })

const double = 'function main(args) { console.log("doubling", args.n); return { n: (args.n || 1) * 2 } }'
const fail = 'function main() { return { error: "on purpose" } }'

async function status (promise) {
  try {
    await promise
  } catch (err) {
    return err.statusCode
  }
  return 'no error'
}

async function actions () {
  const made = await ow.actions.create({ name: 'double', action: double, kind: 'nodejs:default' })
  assert.equal(made.version, '0.0.1')
  assert.match(made.exec.kind, /^nodejs:\d+$/)
  assert.equal(await status(ow.actions.create({ name: 'double', action: double })), 409)
  const updated = await ow.actions.update({ name: 'double', action: double, kind: 'nodejs:default', limits: { timeout: 5000 } })
  assert.equal(updated.version, '0.0.2')
  assert.equal(updated.limits.timeout, 5000)
  const listed = await ow.actions.list()
  assert.deepEqual(listed.map(a => a.name), ['double'])
  assert.equal((await ow.actions.get('double')).exec.code, double)
  assert.equal(await status(ow.actions.get('nothing')), 404)
}

async function invocations () {
  const record = await ow.actions.invoke({ name: 'double', params: { n: 4 }, blocking: true })
  assert.deepEqual(record.response.result, { n: 8 })
  assert.equal(record.response.success, true)
  const result = await ow.actions.invoke({ name: 'double', params: { n: 5 }, blocking: true, result: true })
  assert.deepEqual(result, { n: 10 })
  const { activationId } = await ow.actions.invoke({ name: 'double', params: { n: 6 } })
  const later = await eventually(() => ow.activations.get(activationId))
  assert.deepEqual(later.response.result, { n: 12 })
  assert.match(later.logs.join('\n'), /stdout: doubling 6/)
  assert.deepEqual(await ow.activations.logs(activationId), { logs: later.logs })
  assert.deepEqual((await ow.activations.result(activationId)).result, { n: 12 })
}

// eventually repeats what may answer 404 for a while: the record of a call that was not waited for.
async function eventually (read) {
  for (let left = 200; ; left--) {
    try {
      return await read()
    } catch (err) {
      if (err.statusCode !== 404 || left === 0) throw err
    }
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}

async function sequences () {
  const made = await ow.actions.create({ name: 'eightfold', sequence: ['/_/double', '/_/double', '/_/double'] })
  assert.equal(made.exec.kind, 'sequence')
  assert.deepEqual(made.exec.components, ['/guest/double', '/guest/double', '/guest/double'])
  const record = await ow.actions.invoke({ name: 'eightfold', params: { n: 1 }, blocking: true })
  assert.deepEqual(record.response.result, { n: 8 })
  assert.equal(record.logs.length, 3)
  const component = await ow.activations.get(record.logs[2])
  assert.equal(component.cause, record.activationId)
}

async function errors () {
  await ow.actions.create({ name: 'fail', action: fail, kind: 'nodejs:default' })
  await assert.rejects(ow.actions.invoke({ name: 'fail', blocking: true }), err => {
    assert.equal(err.statusCode, 502)
    assert.deepEqual(err.error.response.result, { error: 'on purpose' })
    return true
  })
  const stranger = openwhisk({ apihost, api_key: 'no:body' })
  assert.equal(await status(stranger.actions.list()), 401)
}

async function packages () {
  await ow.packages.update({ name: 'tools', package: { parameters: [{ key: 'n', value: 21 }] } })
  await ow.actions.update({ name: 'tools/double', action: double, kind: 'nodejs:default' })
  const result = await ow.actions.invoke({ name: 'tools/double', blocking: true, result: true })
  assert.deepEqual(result, { n: 42 })
  await ow.packages.update({ name: 'bound', package: { binding: { namespace: 'guest', name: 'tools' }, parameters: [{ key: 'n', value: 4 }] } })
  assert.deepEqual(await ow.actions.invoke({ name: 'bound/double', blocking: true, result: true }), { n: 8 })
  assert.deepEqual((await ow.packages.get('bound')).actions.map(a => a.name), ['double'])
  assert.equal(await status(ow.actions.update({ name: 'bound/double', action: double, kind: 'nodejs:default' })), 400)
  assert.deepEqual((await ow.packages.list()).map(p => [p.name, p.binding === false]).sort(), [['bound', false], ['tools', true]])
  assert.equal(await status(ow.packages.delete('tools')), 409) // it is not empty
  await ow.packages.delete('bound')
  await ow.actions.delete('tools/double')
  await ow.packages.delete('tools')
  const words = await ow.actions.invoke({ name: '/whisk.system/utils/split', params: { payload: 'a,b', separator: ',' }, blocking: true, result: true })
  assert.deepEqual(words.lines, ['a', 'b'])
}

async function compositions () {
  const conductor = 'function main(a) { return a.n < 10 ? { action: "double", params: { n: a.n }, state: { seen: true } } : { params: a } }'
  await ow.actions.create({ name: 'until-ten', action: conductor, kind: 'nodejs:default', annotations: { conductor: true } })
  const record = await ow.actions.invoke({ name: 'until-ten', params: { n: 3 }, blocking: true })
  assert.deepEqual(record.response.result, { n: 12, seen: true })
  assert.equal(record.logs.length, 5) // conductor, double, conductor, double, conductor
  await ow.actions.delete('until-ten')
}

// An action that calls OpenWhisk itself, with the module that is there for all actions: what a composition does, too.
async function inside () {
  const caller = `function main(a) {
    return require('openwhisk')().actions.invoke({ name: 'double', params: { n: a.n }, blocking: true, result: true })
  }`
  await ow.actions.create({ name: 'caller', action: caller, kind: 'nodejs:default', annotations: { 'provide-api-key': true } })
  const result = await ow.actions.invoke({ name: 'caller', params: { n: 21 }, blocking: true, result: true })
  assert.deepEqual(result, { n: 42 })
  await ow.actions.delete('caller')
}

async function activations () {
  const since = Date.now()
  const { activationId } = await ow.actions.invoke({ name: 'double', params: { n: 1 }, blocking: true })
  const mine = await eventually(async () => {
    const rows = await ow.activations.list({ name: 'double', since, limit: 5 })
    return rows.length ? rows : Promise.reject(Object.assign(new Error('none yet'), { statusCode: 404 }))
  })
  assert.deepEqual(mine.map(a => a.activationId), [activationId])
  assert.equal(mine[0].statusCode, 0)
  const [full] = await ow.activations.list({ name: 'double', since, docs: true })
  assert.deepEqual(full.response.result, { n: 2 })
  assert.equal(await status(ow.activations.get('0'.repeat(32))), 404)
  assert.equal(await status(ow.activations.list({ limit: 201 })), 400)
}

async function triggers () {
  await ow.triggers.create({ name: 'tick', trigger: { parameters: [{ key: 'n', value: 20 }] } })
  const fired = ow.triggers.invoke({ name: 'tick' })
  assert.equal((await fired).activationId, undefined) // no rule: nothing happens, and nothing is recorded
  const rule = await ow.rules.create({ name: 'on-tick', action: 'double', trigger: 'tick' })
  assert.equal(rule.status, 'active')
  const { activationId } = await ow.triggers.invoke({ name: 'tick', params: { m: 1 } })
  const record = await eventually(() => ow.activations.get(activationId))
  const line = JSON.parse(record.logs[0])
  assert.equal(line.success, true)
  const started = await eventually(() => ow.activations.get(line.activationId))
  assert.deepEqual(started.response.result, { n: 40 })
  assert.equal(started.cause, undefined)
  await ow.rules.disable({ name: 'on-tick' })
  assert.equal((await ow.rules.get('on-tick')).status, 'inactive')
  await ow.rules.enable({ name: 'on-tick' })
  assert.deepEqual((await ow.rules.list()).map(r => r.name), ['on-tick'])
  assert.equal((await ow.triggers.list()).length, 1)
  await ow.rules.delete('on-tick')
  await ow.triggers.delete('tick')
  assert.equal(await status(ow.triggers.get('tick')), 404)
}

async function cleanUp () {
  for (const name of ['eightfold', 'double', 'fail']) {
    assert.equal((await ow.actions.delete(name)).name, name)
  }
  assert.deepEqual(await ow.actions.list(), [])
  assert.ok((await ow.activations.list({ limit: 100 })).length >= 9)
}

async function main () {
  for (const part of [actions, invocations, sequences, errors, packages, compositions, inside, activations, triggers, cleanUp]) {
    await part()
  }
  console.log('passed')
}

main().catch(err => {
  console.error(err)
  process.exitCode = 1
})
