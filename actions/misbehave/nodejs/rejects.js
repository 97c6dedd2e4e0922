// Ends as "application error", which the platform does not hold against the container.
async function main () {
  throw new Error('rejected on purpose')
}
