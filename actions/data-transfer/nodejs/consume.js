// Says how long ago the one before it ended, by the clocks of the two, and how much arrived.
exports.main = ({ payload, sent }) => ({ transfer: Date.now() - sent, size: payload.length })
