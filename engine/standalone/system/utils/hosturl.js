// Returns the path by which an action is reached: as a web action with web, as an invocation without.
function main ({ path = '', ext = '', web = true }) {
  const namespace = process.env.__OW_NAMESPACE
  const place = web ? `/api/v1/web/${namespace}/${path}${ext}` : `/api/v1/namespaces/${namespace}/actions/${path}`
  return { url: (process.env.__OW_API_HOST || '') + place }
}
