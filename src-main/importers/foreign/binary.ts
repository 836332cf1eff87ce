/** Binary traces: recognised by their first bytes, and answered with the command that turns them into text. */
import type { ForeignFormat, Head } from '../format.ts';
import { shellWord } from './shell-word.ts';

const startsWith =
  (...magics: readonly string[]) =>
  (head: Head): boolean =>
    magics.some((magic) => head.text.startsWith(magic));

export const binaryFormats: readonly ForeignFormat[] = [
  {
    name: 'sqlite',
    title: 'an SQLite database',
    recognise: startsWith('SQLite format 3\0'),
    advice: () => 'If it is a trace of this program, it needs no importing: open it.',
  },
  {
    name: 'trace.dat',
    title: "trace-cmd's binary trace.dat",
    recognise: startsWith('\x17\x08\x44tracing'),
    advice: (file) =>
      `Turn it into a text that is read here with: trace-cmd report -i ${shellWord(file)} > trace.txt`,
  },
  {
    name: 'perf.data',
    title: "perf's binary perf.data",
    recognise: startsWith('PERFILE2', '2ELIFREP'),
    advice: (file) =>
      `Turn it into text with: perf script --ns --show-lost-events -i ${shellWord(file)} > trace.txt`,
  },
  {
    name: 'ctf',
    title: 'a binary stream of a CTF trace',
    recognise: startsWith('\xc1\x1f\xfc\xc1', '\xc1\xfc\x1f\xc1', '\x75\xd1\x1d\x57', '\x57\x1d\xd1\x75'),
    advice: () =>
      'Turn the folder that it is in into text with: babeltrace2 --clock-seconds FOLDER > trace.txt',
  },
];
