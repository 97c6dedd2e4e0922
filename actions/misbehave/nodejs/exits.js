// Ends as "action developer error": the process is gone before it answers.
function main () {
  process.exit(1)
}
