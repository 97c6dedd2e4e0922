// Runs one JavaScript action over ActionLoop: node launcher.js <folder> <main> [<file>]
// With <file> the code is a single file and is evaluated; without, <folder> holds a package.
// Without arguments it was started before it is known what it will run, and its first line says so.
'use strict'
const fs = require('fs')
const path = require('path')
const vm = require('vm')
const Module = require('module')
const { createRequire } = Module

let [folder, main, file] = process.argv.slice(2)

// Whether activations run as they come. Each request has a number and a blank before it then, and so has its answer.
let concurrent = false

// OpenWhisk's images hold modules for all actions, such as openwhisk. Here they are where npm install --prefix put them.
const shared = path.resolve(__dirname, '..', 'nodejs')
const own = process.env.NODE_PATH // which the action sees as it was
process.env.NODE_PATH = [own, path.join(shared, 'node_modules')].filter(Boolean).join(path.delimiter)
Module._initPaths() // reads NODE_PATH again
if (own === undefined) delete process.env.NODE_PATH
else process.env.NODE_PATH = own

// reason is the text of an error, and how to have a module that is not found.
function reason (e) {
  const [, name] = e?.code === 'MODULE_NOT_FOUND' ? /^Cannot find module '([^./'][^']*)'/.exec(e.message) || [] : []
  return name ? `${e}\nPack it with the action, or have it for all actions: npm install --prefix ${shared} ${name}` : String(e)
}

// Logs first: whoever reads the answer takes what is in the log's pipes for all of it. Node keeps what a full pipe did not
// take; the callback of an empty write comes when all before it is out.
const flushed = stream => stream.writableLength === 0 ? null : new Promise(resolve => stream.write('', resolve))

async function answer (text, number = '') {
  await flushed(process.stdout)
  await flushed(process.stderr)
  const bytes = Buffer.from(number + text + '\n')
  // A pipe takes what it has room for: writeSync may write a part.
  for (let at = 0; at < bytes.length;) at += fs.writeSync(3, bytes, at)
}

const fault = (reason, number) => answer('!' + JSON.stringify(reason), number)

// pick walks a.b.c down from where it starts.
const pick = (from, names) => names.reduce((value, name) => value == null ? undefined : value[name], from)

function loadFile () {
  if (!/^[A-Za-z_$][\w$]*(\.[A-Za-z_$][\w$]*)*$/.test(main)) throw new Error(`'${main}' is no name of a function`)
  const module = { exports: {} }
  const first = main.split('.')[0]
  const code = fs.readFileSync(file, 'utf8') + `\n;return typeof ${first} === 'undefined' ? undefined : ${main}`
  const body = vm.compileFunction(code, ['exports', 'require', 'module', '__filename', '__dirname'], { filename: file })
  const found = body.call(module.exports, module.exports, createRequire(file), module, file, folder)
  return found === undefined ? pick(module.exports, main.split('.')) : found
}

async function loadPackage () {
  // main may be file.function, where the file is one of the package.
  const names = main.split('.')
  let entry = folder
  if (names.length > 1 && fs.existsSync(path.join(folder, names[0] + '.js'))) entry = path.join(folder, names.shift() + '.js')
  if (!['package.json', 'index.js'].some(name => fs.existsSync(path.join(folder, name)))) {
    throw new Error('the zip has neither a package.json nor an index.js at its root')
  }
  let exported
  try {
    exported = require(entry)
  } catch (e) {
    if (e.code !== 'ERR_REQUIRE_ESM') throw e
    exported = await import(createRequire(path.join(folder, 'any.js')).resolve(entry))
  }
  return pick(exported, names) ?? pick(exported.default, names)
}

async function load () {
  const action = file ? loadFile() : await loadPackage()
  if (typeof action !== 'function') throw new Error(`Action entrypoint '${main}' is not a function.`)
  return action
}

// told is a reason in the shape that OpenWhisk's runtime gives it: an Error with its name, message and stack, which JSON
// would not show, beside its own fields; functions left out; and {} for no reason at all.
function told (reason, above = []) {
  if (typeof reason === 'function') return `[Function: ${reason.name || 'anonymous'}]`
  if (reason === null || typeof reason !== 'object') return reason || {}
  const shape = Array.isArray(reason) ? [] : {}
  above = [...above, reason]
  for (const [key, value] of Object.entries(reason)) {
    if (typeof value === 'function') continue
    if (value === null || typeof value !== 'object') shape[key] = value
    else shape[key] = above.includes(value) ? '[Circular]' : told(value, above)
  }
  for (const key of ['name', 'message', 'stack', 'code']) {
    if (typeof reason[key] === 'string') shape[key] = reason[key]
  }
  return shape
}

async function run (action, line) {
  const number = concurrent ? line.slice(0, line.indexOf(' ') + 1) : ''
  try {
    return await perform(action, line.slice(number.length), number)
  } catch (e) {
    console.error(e)
    return fault(`An error has occurred: ${reason(e)}`, number)
  }
}

async function perform (action, line, number) {
  const { value, ...rest } = JSON.parse(line)
  for (const [key, text] of Object.entries(rest)) process.env['__OW_' + key.toUpperCase()] = text
  let pending
  try {
    pending = action(value)
  } catch (e) {
    console.error(e)
    return fault(`An error has occurred: ${reason(e)}`, number)
  }
  let result
  try {
    result = await pending
  } catch (e) {
    result = { error: told(e) }
  }
  if (result === undefined) return answer('{}', number)
  if (typeof result !== 'object') {
    console.error(`Result must be of type object but has type "${typeof result}":`, result)
    return fault('The action did not return a dictionary or array.', number)
  }
  return answer(JSON.stringify(result) ?? 'null', number)
}

let action

function serve (take) {
  let parts = []
  let turn = Promise.resolve()
  process.stdin.on('data', data => {
    for (let end = data.indexOf(10); end >= 0; end = data.indexOf(10)) {
      const line = Buffer.concat([...parts, data.subarray(0, end)]).toString()
      parts = []
      data = data.subarray(end + 1)
      if (concurrent) take(line)
      else turn = turn.then(() => take(line)) // which never rejects
    }
    if (data.length > 0) parts.push(data)
  })
  process.stdin.on('end', () => process.exit())
}

async function begin () {
  concurrent = process.env.__OW_ALLOW_CONCURRENT === 'true'
  try {
    action = await load()
  } catch (e) {
    console.error(e)
    await fault(reason(e))
    return process.stdin.destroy() // nothing is left to do
  }
  return answer('{"ok":true}')
}

// prewarm waits for what a container that was started ahead shall run.
function prewarm () {
  serve(line => {
    if (action) return run(action, line)
    const first = JSON.parse(line)
    ;[folder, main, file] = first.args
    Object.assign(process.env, first.env)
    return begin()
  })
}

if (folder === undefined) prewarm()
else begin().then(() => action && serve(line => run(action, line)))
