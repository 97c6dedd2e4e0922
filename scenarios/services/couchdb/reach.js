// A URL may hold a login, which fetch wants apart.
function reach (url, options = {}) {
  const at = new URL(url), login = decodeURIComponent(at.username) + ':' + decodeURIComponent(at.password)
  if (!at.username) return fetch(url, options)
  at.username = at.password = ''
  return fetch(at, { ...options, headers: { ...options.headers, Authorization: 'Basic ' + Buffer.from(login).toString('base64') } })
}
module.exports = { reach }
