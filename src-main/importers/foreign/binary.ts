/** Binary traces: recognised by their first bytes, and answered with the command that turns them into text. */
import type { ForeignFormat } from '../format.ts';
import type { Head } from '../input/head.ts';
import { shellWord } from './shell-word.ts';

const startsWith =
  (...magics: readonly string[]) =>
  (head: Head): boolean =>
    magics.some((magic) => head.text.startsWith(magic));

/** Packed data that is known and not unpacked here, and the command that does it. */
const packed = (
  name: string,
  title: string,
  command: (word: string) => string,
  ...magics: readonly string[]
): ForeignFormat => ({
  name,
  title,
  recognise: startsWith(...magics),
  advice: (file) => `Unpack it first: ${command(shellWord(file))}`,
});

export const binaryFormats: readonly ForeignFormat[] = [
  packed('7z', 'a 7z archive', (word) => `7z x ${word}`, '7z\xbc\xaf\x27\x1c'),
  packed('rar', 'a RAR archive', (word) => `unrar x ${word}`, 'Rar!\x1a\x07'),
  packed('lz4', 'packed with lz4', (word) => `lz4 -d ${word}`, '\x04\x22\x4d\x18'),
  packed('lzip', 'packed with lzip', (word) => `lzip -dk ${word}`, 'LZIP\x01'),
  packed('lzma', 'packed with lzma', (word) => `xz -dk --format=lzma -S '' ${word}`, '\x5d\x00\x00'),
  {
    name: 'tar',
    title: 'a tar archive',
    recognise: (head) => head.text.startsWith('ustar', 257),
    advice: (file) => `Unpack it first, and import the trace in it: tar -xf ${shellWord(file)}`,
  },
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
  {
    name: 'perfetto',
    title: "Perfetto's binary trace (protobuf)",
    recognise: isPerfetto,
    advice: (file) =>
      `Turn it into a text that is read here with: traceconv systrace ${shellWord(file)} trace.txt (https://get.perfetto.dev/traceconv)`,
  },
];

const TRACE_PACKET = 0x0a;
const PACKETS_TRIED = 3;

/**
 * A Trace message is a list of packets (field 1, length-delimited) and nothing else; text that happens to
 * begin with a line feed has no such lengths one after the other.
 */
function isPerfetto({ bytes, whole }: Head): boolean {
  // Of line feeds alone each is a tag and a length that fit the next ones.
  if (bytes.every((byte) => byte === TRACE_PACKET)) return false;
  let at = 0;
  for (let packet = 0; packet < PACKETS_TRIED; packet++) {
    if (at === bytes.length && packet > 0) return whole;
    if (bytes[at] !== TRACE_PACKET) return false;
    at++;
    let length = 0;
    let shift = 0;
    for (;;) {
      const byte = bytes[at++];
      if (byte === undefined || shift > 28) return false;
      length += (byte & 0x7f) * 2 ** shift;
      shift += 7;
      if (byte < 0x80) break;
    }
    if (length === 0) return false;
    // Every packet begins with a tag: a field number above zero and one of the wire types in use.
    const tag = bytes[at];
    if (tag === undefined || tag >>> 3 === 0 || ![0, 1, 2, 5].includes(tag & 7)) return false;
    at += length;
    if (at >= bytes.length) return !whole && packet > 0 ? true : at === bytes.length;
  }
  return true;
}
