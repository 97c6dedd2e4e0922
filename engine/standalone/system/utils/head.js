// Returns the first num lines; one when num is not given.
function main ({ lines = [], num = 1 }) {
  if (!Array.isArray(lines)) return { error: 'lines must be an array' }
  return { lines: lines.slice(0, num), num }
}
