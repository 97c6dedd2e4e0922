// Ends as "action developer error": a result must be a JSON object or array.
function main () {
  return 'no object'
}
