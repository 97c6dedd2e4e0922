// Hands on what it was given, with the moment at which it did.
exports.main = ({ payload = '' }) => ({ payload, sent: Date.now() })
