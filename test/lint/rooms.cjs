/**
 * The rooms of each layer, from the ground up. A room imports rooms of the floors below it, so that each can be read, tested
 * and moved with what lies under it; rooms of one floor do not know each other. A name that ends in `.ts` or `.vue` is a file.
 *
 * `npm run rooms` shows what imports what.
 */
/** @type {readonly import('./room-graph.ts').Layer[]} */
const LAYERS = [
  {
    layer: 'src-main/store',
    floors: [
      ['What a file is: tables, facts, keyframes, digests, errors.', ['format']],
      ['Opens a file, checks it, and reads its rows and names.', ['read']],
      ['Levels of detail: how they are packed, and how they are read.', ['levels']],
      ['What follows from the transitions; it knows no database.', ['derive']],
      [
        'The file is written, asked by views, or asked by people, without any of them knowing the others.',
        ['write', 'queries', 'sql'],
      ],
      [
        'Makes again what a file holds: to compare it, or to write it in the schema of today.',
        ['verify', 'upgrade'],
      ],
      ['The door, and what tests share.', ['index.ts', 'testing']],
    ],
  },
  {
    layer: 'src-main/emulator',
    floors: [
      [
        'The state of the machine, what is asked of it, and what everything uses.',
        ['machine.ts', 'plan.ts', 'errno.ts', 'growable.ts', 'assert-kernel.ts'],
      ],
      ['The kernel knows no user code.', ['kernel', 'plan-users.ts']],
      ['What user code stands on.', ['threads']],
      ['What user code calls.', ['libc']],
      ['The programs of LWPs.', ['user']],
      ['Puts the parts together and lets time pass.', ['engine']],
    ],
  },
  {
    layer: 'src-main/emulator/kernel',
    floors: [
      ['Pages, and loads and stores of user code.', ['vm']],
      ['The state that kernel functions are handed.', ['context']],
      ['schedctl.c: dispatcher and signals call it, and it calls neither.', ['schedctl']],
      ['Dispatcher and processes, without either knowing the other.', ['disp', 'proc']],
      ['Makes one kernel of them.', ['kernel.ts']],
    ],
  },
  {
    layer: 'src-renderer',
    floors: [
      [
        'Arithmetic and decoding, the look, and the way to the host: plain TypeScript, without any knowing the others.',
        ['trace-data', 'theme', 'transport'],
      ],
      ['What views share: what is open and chosen, and pieces that take props.', ['stores', 'widgets']],
      ['What is in the window.', ['views']],
      ['The window, and what mounts it.', ['App.vue']],
      ['Starts it, and what tests share.', ['main.ts', 'testing']],
    ],
  },
  {
    layer: 'src-renderer/views',
    floors: [
      ['What several views stand on.', ['axis', 'code-editor', 'messages']],
      [
        'A view each, which knows no other.',
        [
          'charts',
          'command-palette',
          'events',
          'export',
          'findings',
          'import-report',
          'inspector',
          'jobs',
          'keys',
          'minimap',
          'notes',
          'range-summary',
          'record',
          'ruler',
          'sql',
          'start',
          'status',
          'timeline',
          'toolbar',
        ],
      ],
      [
        'Put the views together: those of an open trace, and what lies over the window.',
        ['workspace', 'overlays'],
      ],
    ],
  },
];

const escaped = (/** @type {string} */ text) => text.replaceAll('.', '[.]');

/** @param {string} layer @param {readonly string[]} rooms */
const pathOf = (layer, rooms) => `^${layer}/(${rooms.map(escaped).join('|')})(/|$)`;

const OUTSIDE = '[.](test|component-test|d)[.]ts$|/testing/';

/**
 * The rules that hold the floors, for dependency-cruiser. Tests look at a room from outside and may import any.
 *
 * @typedef {{ path: string, pathNot: string }} From
 * @returns {{ name: string, comment: string, severity: string, from: From, to: { path?: string } }[]}
 */
function roomRules(layers = LAYERS) {
  return layers.flatMap(({ layer, floors }) => {
    const all = floors.flatMap(([, rooms]) => rooms);
    const severity = 'error';
    return [
      {
        name: `a-room-for-every-file-of-${layer}`,
        comment: 'A file that lies in no room of test/lint/rooms.cjs is held by no rule.',
        severity,
        from: { path: `^${layer}/`, pathNot: `${pathOf(layer, all)}|${OUTSIDE}` },
        to: {},
      },
      ...floors.flatMap(([reason, rooms], floor) =>
        rooms.map((room) => {
          const others = floors.slice(floor).flatMap(([, above]) => above.filter((other) => other !== room));
          return {
            name: `no-way-back-from-${layer}/${room}`,
            comment: `${reason} It imports only rooms of the floors below it.`,
            severity,
            from: { path: pathOf(layer, [room]), pathNot: OUTSIDE },
            to: { path: others.length > 0 ? pathOf(layer, others) : '^$' },
          };
        }),
      ),
    ];
  });
}

module.exports = { LAYERS, roomRules };
