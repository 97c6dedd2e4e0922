function main (args) {
  const start = Date.now()
  return { greeting: `Hello, ${args.name || 'stranger'}!`, start }
}
