// Adds one in each of so many levels: every level calls the next one, waits for it, and notes when it began, called and ended.
exports.main = async ({ n = 0, levels }) => {
  const started = Date.now()
  if (levels <= 1) return { n: n + 1, started: [started], called: [], ended: [Date.now()] }
  const called = Date.now()
  const [namespace, name] = process.env.__OW_ACTION_NAME.split(/^\/([^/]+)\//).filter(Boolean)
  const url = `${process.env.__OW_API_HOST}/api/v1/namespaces/${namespace}/actions/${name}?blocking=true&result=true`
  const answer = await fetch(url, {
    method: 'POST',
    headers: {
      Authorization: 'Basic ' + Buffer.from(process.env.__OW_API_KEY).toString('base64'),
      'Content-Type': 'application/json',
    },
    body: JSON.stringify({ n: n + 1, levels: levels - 1 }),
  })
  const inner = await answer.json()
  if (answer.status !== 200) throw new Error(`level ${levels - 1} answered ${answer.status}: ${inner.error ?? 'it still runs'}`)
  return {
    n: inner.n,
    started: [started, ...inner.started], called: [called, ...inner.called], ended: [Date.now(), ...inner.ended],
  }
}
