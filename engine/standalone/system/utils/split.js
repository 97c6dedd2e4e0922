// Splits a text at a separator; at its line breaks when none is given.
function main ({ payload = '', separator = /\r?\n/ }) {
  return { lines: String(payload).split(separator), payload }
}
