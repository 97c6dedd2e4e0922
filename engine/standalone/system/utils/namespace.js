// Returns the namespace that it runs for.
const main = () => ({ namespace: process.env.__OW_NAMESPACE })
