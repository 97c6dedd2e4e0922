// Sleeps so many milliseconds and says how long it ran and as which activation.
exports.main = ({ sleep = 50 }) => {
  const began = Date.now()
  return new Promise(done => setTimeout(() => done({
    activationId: process.env.__OW_ACTIVATION_ID, start: began, duration: Date.now() - began,
  }), sleep))
}
