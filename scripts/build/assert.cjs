// What undici asserts with, in the bundles. Node's own `assert` reads and parses the file to quote the expression that
// failed. In a bundle, which is one long line, that takes seconds, in which nothing else happens; and a vendor that
// answers with the status 000 makes it fail.
module.exports = function assert(value, message = 'an assertion failed') {
  if (!value) throw Object.assign(new Error(message), { name: 'AssertionError', code: 'ERR_ASSERTION' });
};
