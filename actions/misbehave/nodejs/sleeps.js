// Runs into its time limit when that is shorter than {ms} (a minute when missing).
function main (args) {
  return new Promise(resolve => setTimeout(() => resolve({ slept: args.ms ?? 60000 }), args.ms ?? 60000))
}
