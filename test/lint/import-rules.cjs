/**
 * Who may import whom. Each rule gives its reason, which is printed when the rule is broken.
 * Run by `npm test`; by hand: npx depcruise --config test/lint/import-rules.cjs src-shared src-main src-renderer
 */
const { roomRules } = require('./rooms.cjs');

const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

module.exports = {
  forbidden: [
    rule(
      'no-cycles',
      'A cycle means that neither file can be understood, tested or moved without the other.',
      {},
      { circular: true },
    ),
    rule(
      'no-unresolved',
      'An import that does not resolve fails at run time.',
      {},
      { couldNotResolve: true },
    ),
    rule(
      'no-orphan-dependencies',
      'What the program needs at run time must be in package.json.',
      {},
      { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    ),
    rule(
      'shared-is-pure',
      'src-shared runs in every process: it knows no Node, no DOM and no other layer.',
      { path: '^src-shared', pathNot: '[.]test[.]ts$' },
      {
        pathNot: '^(src-shared|node_modules/(zod|@msgpack/msgpack)/)',
        dependencyTypesNot: ['type-only'],
      },
    ),
    rule(
      'emulator-is-pure',
      'The emulator is deterministic: no clock, no I/O, nothing but the shared model.',
      { path: '^src-main/emulator', pathNot: '[.]test[.]ts$' },
      { pathNot: '^(src-shared|src-main/emulator)/' },
    ),
    rule(
      'one-importer-of-sqlite',
      'Only the store knows that a trace is a SQLite file.',
      { path: '^src-', pathNot: '^src-main/store/' },
      { path: 'better-sqlite3' },
    ),
    rule(
      'recorder-and-queries-never-meet',
      'They share only the file, so that a finished, a running and an imported trace look the same.',
      { path: '^src-main/recorder', pathNot: '[.]test[.]ts$' },
      { path: '^src-main/(store/queries|exporters|workbench|analysis)/', reachable: true },
    ),
    rule(
      'findings-know-no-file',
      'They are found while a trace is recorded and when one is read again: what happens is told to them.',
      { path: '^src-main/findings/', pathNot: '[.]test[.]ts$|/testing/' },
      { pathNot: '^(src-shared|src-main/findings)/' },
    ),
    rule(
      'derive-knows-no-database',
      'What follows from transitions is made in a thread of its own, and made again by a check: without a file.',
      { path: '^src-main/store/derive/', pathNot: '[.]test[.]ts$' },
      { path: '(better-sqlite3|^src-main/store/(read|write)/)', reachable: true },
    ),
    rule(
      'importers-know-the-recorder-only',
      'An importer turns text into transitions; who stores or shows them is not its business.',
      { path: '^src-main/importers', pathNot: '[.]test[.]ts$' },
      { path: '^src-main/(store|workbench|hosts|emulator|scenario)' },
    ),
    rule(
      'hosts-on-top',
      'Hosts hold no logic that another layer could want.',
      { path: '^src-main', pathNot: '^src-main/(hosts|bootstrap)' },
      { path: '^src-main/hosts' },
    ),
    rule(
      'electron-in-its-host',
      'Importing electron without its binary throws: only the Electron host may.',
      { path: '^src-', pathNot: '^src-main/hosts/electron' },
      { path: 'node_modules/electron/' },
    ),
    rule(
      'renderer-and-main-apart',
      'They meet in src-shared/api only.',
      { path: '^src-renderer' },
      { path: '^src-main' },
    ),
    rule(
      'main-and-renderer-apart',
      'They meet in src-shared/api only.',
      { path: '^src-main' },
      { path: '^src-renderer' },
    ),
    rule(
      'trace-data-is-plain',
      'Tables, layout and replay arithmetic are tested and run without Vue.',
      { path: '^src-renderer/trace-data' },
      { path: '(node_modules/(vue|pinia|echarts)/|^src-renderer/(stores|views|widgets|transport))' },
    ),
    rule(
      'widgets-know-no-stores',
      'A widget takes props and emits events, so that any view can use it.',
      { path: '^src-renderer/widgets' },
      { path: '^src-renderer/(stores|views|transport)' },
    ),
    rule(
      'views-take-props',
      'A container wires stores; what it shows takes props, so that a test mounts it with plain objects.',
      { path: '^src-renderer/views/.*[.]vue$', pathNot: 'Container[.]vue$' },
      { path: '^src-renderer/stores/', dependencyTypesNot: ['type-only'] },
    ),
    rule(
      'one-door-to-the-host',
      'Only the transport knows which host the window runs in.',
      { path: '^src-renderer', pathNot: '^src-renderer/(transport|main[.]ts)' },
      { path: '^src-renderer/transport' },
    ),
    ...roomRules(),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'test/tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
    reporterOptions: { text: { highlightFocused: true } },
  },
};
