// Six transactions of a bank on a CouchDB. Accounts are documents checking-N and savings-N with a balance in cents. A conflict
// with another transaction is tried again a few times, then told: money is never written without having been read.
// A URL may hold a login, which fetch wants apart.
function reach (url, options = {}) {
  const at = new URL(url), login = decodeURIComponent(at.username) + ':' + decodeURIComponent(at.password)
  if (!at.username) return fetch(url, options)
  at.username = at.password = ''
  return fetch(at, { ...options, headers: { ...options.headers, Authorization: 'Basic ' + Buffer.from(login).toString('base64') } })
}

const RETRIES = 20

class Bank {
  constructor ({ store }) { this.store = store }

  async read (id) {
    const answer = await reach(`${this.store}/${id}`)
    if (answer.status === 404) throw new Error(`there is no account ${id}`)
    if (!answer.ok) throw new Error(`${id}: the store answered ${answer.status}`)
    return answer.json()
  }

  // change lets f change the balances of accounts, all of them in one request. Of two accounts the first may be written and
  // the second not: then the first is put back, by the same amount.
  async change (ids, f) {
    for (let attempt = 0; attempt < RETRIES; attempt++) {
      const before = await Promise.all(ids.map(id => this.read(id)))
      const balances = f(before.map(account => account.balance))
      const changes = before.map((account, i) => balances[i] - account.balance)
      const written = await this.write(before.map((account, i) => ({ ...account, balance: balances[i] })))
      if (written.every(Boolean)) return balances
      for (const [i, ok] of written.entries()) if (ok) await this.add(ids[i], -changes[i])
      await new Promise(done => setTimeout(done, Math.random() * 5 * (attempt + 1)))
    }
    return null
  }

  async write (documents) {
    const answer = await reach(`${this.store}/_bulk_docs`, {
      method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ docs: documents }),
    })
    if (!answer.ok) throw new Error(`the store answered ${answer.status}`)
    return (await answer.json()).map(one => !one.error)
  }

  // add changes one account until it is done: there is nothing to put back.
  async add (id, amount) {
    for (;;) {
      const account = await this.read(id)
      if ((await this.write([{ ...account, balance: account.balance + amount }]))[0]) return
    }
  }
}

const checking = n => `checking-${n}`
const savings = n => `savings-${n}`
const told = (moved, balances) => balances ? { committed: true, moved, balances } : { committed: false, moved: 0 }

exports.balance = async args => {
  const bank = new Bank(args)
  const [a, b] = await Promise.all([bank.read(checking(args.from)), bank.read(savings(args.from))])
  return told(0, [a.balance + b.balance])
}
exports.depositChecking = async args => {
  const { from, amount } = args
  return told(amount, await new Bank(args).change([checking(from)], ([a]) => [a + amount]))
}
exports.transactSavings = async args => {
  const { from, amount } = args
  return told(amount, await new Bank(args).change([savings(from)], ([a]) => [a + amount]))
}
exports.writeCheck = async args => {
  const { from, amount } = args
  return told(-amount, await new Bank(args).change([checking(from)], ([a]) => [a - amount]))
}
exports.sendPayment = async args => {
  const { from, to, amount } = args
  return told(0, await new Bank(args).change([checking(from), checking(to)], ([a, b]) => [a - amount, b + amount]))
}
exports.amalgamate = async args => {
  const { from, to } = args
  return told(0, await new Bank(args).change([savings(from), checking(from), checking(to)], ([s, c, other]) => [0, 0, other + s + c]))
}
