// Returns the time of now, as people read it and in ISO 8601.
function main () {
  const now = new Date()
  return { date: String(now), iso: now.toISOString() }
}
