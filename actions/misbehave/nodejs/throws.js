// Ends as "action developer error": what is thrown at once is the developer's fault; a rejected promise is not.
function main () {
  throw new Error('thrown on purpose')
}
