/**
 * First thing that runs, on whatever Node is there, so it is written for any: says in one sentence what is
 * missing, or goes on with the program named by the first argument (start, test, workbench).
 */
/* eslint-disable */
var oldest = 20;
var major = Number(process.versions.node.split('.')[0]);
if (major < oldest) {
  console.error(
    'schedctl workbench needs Node ' +
      oldest +
      ' or later; this is Node ' +
      process.versions.node +
      '. Get one from https://nodejs.org/ and run the command again.',
  );
  process.exitCode = 1;
} else {
  var program = process.argv.splice(2, 1)[0];
  import('./' + program + '.mjs').then(function (module) {
    return module.main(process.argv.slice(2));
  });
}
