// Answers with a greeting. OpenWhisk calls main with the input of a call, and what it returns is the result.
function main(params) {
  return { greeting: 'Hello ' + (params.name || 'stranger') };
}

exports.main = main;
