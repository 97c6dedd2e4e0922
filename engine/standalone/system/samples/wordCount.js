// Counts the words of a text.
const main = ({ payload = '' }) => ({ count: String(payload).split(/\s+/).filter(Boolean).length })
