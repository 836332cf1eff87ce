#!/usr/bin/env node
/**
 * The command `schedctl-workbench` of a checkout (`npm link` puts it on the PATH): `npm run -s workbench -- ARGS`
 * without npm. It goes through run.cjs because the program needs the project's own Node, whichever Node this is.
 */
/* eslint-disable */
process.argv.splice(2, 0, 'workbench');
require('./run.cjs');
