module.exports = globalThis.electronStandin;
