// Adds one, and notes when it began and ended, newest first.
exports.main = ({ n = 0, started = [], ended = [] }) => {
  const now = Date.now()
  return { n: n + 1, started: [now, ...started], ended: [Date.now(), ...ended] }
}
