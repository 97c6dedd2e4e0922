// Sorts lines, by their text.
function main ({ lines = [] }) {
  if (!Array.isArray(lines)) return { error: 'lines must be an array' }
  const sorted = [...lines].sort()
  return { lines: sorted, length: sorted.length }
}
