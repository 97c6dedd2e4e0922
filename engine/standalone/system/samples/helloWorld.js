// Writes to its log and returns what it is given.
function main (args) {
  console.log('hello world')
  return args
}
