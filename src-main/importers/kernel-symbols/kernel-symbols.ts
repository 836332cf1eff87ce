/**
 * Names of kernel functions by address, from a copy of /proc/kallsyms or of System.map of the machine that a trace is
 * from, for texts that have addresses where a function is meant.
 *
 *     ffffffff8115c2a0 t rseq_slice_expired
 */
import { basename } from 'node:path';
import { WorkbenchError } from '#shared/base/errors.ts';
import type { FileIdentities } from '../../files/file-identity.ts';
import { LineScanner } from '../input/line-scanner.ts';
import { SourceFile } from '../input/source-file.ts';
import { UnreadLimit } from '../input/unread-limit.ts';

const SYMBOL = /^([0-9a-f]{8,16}) [a-zA-Z?] (\S+)/;
const ADDRESS = /^(?:0x)?([0-9a-f]{8,16})$/;
/** What tools print behind a name: `rseq_slice_expired/0x0`, `rseq_slice_expired+0x0`. */
const OFFSET = /[+/](?:0x)?[0-9a-f]+$/;
const ALL_ZEROS = /^0+$/;

export class KernelSymbols {
  private readonly names: ReadonlyMap<string, string>;

  private constructor(names: ReadonlyMap<string, string>) {
    this.names = names;
  }

  /**
   * Reads a file of symbols, plain or gzip.
   *
   * @param wanted functions that are looked for; others are not kept
   * @param identities which file the name has to lead to
   * @throws WorkbenchError 'not-found', 'unreadable'; 'import-failed' where it has no symbols or hides their
   *   addresses, or goes on and on without a symbol
   */
  static async read(
    path: string,
    wanted: ReadonlySet<string>,
    identities?: FileIdentities,
  ): Promise<KernelSymbols> {
    const source = await SourceFile.open(path, identities);
    const names = new Map<string, string>();
    let symbols = 0;
    let hidden = 0;
    try {
      const scanner = new LineScanner(
        (bytes, start, end) => {
          const match = SYMBOL.exec(bytes.toString('latin1', start, end));
          if (match === null) return;
          symbols++;
          if (ALL_ZEROS.test(match[1]!)) hidden++;
          else if (wanted.has(match[2]!)) names.set(normal(match[1]!), match[2]!);
        },
        () => undefined,
      );
      const unread = new UnreadLimit(basename(path), () => symbols, undefined, {
        event: 'symbol',
        file: 'list of symbols',
      });
      for await (const chunk of source.chunks()) {
        scanner.push(chunk);
        unread.read(chunk.length, scanner.lines);
      }
      scanner.end();
    } finally {
      await source.close();
    }
    if (symbols === 0) {
      throw noSymbols(
        path,
        'has no lines of the form ADDRESS TYPE NAME: give a copy of /proc/kallsyms or System.map',
      );
    }
    if (hidden === symbols) {
      throw noSymbols(
        path,
        'has only zeros for addresses: read /proc/kallsyms as root (or with kernel.kptr_restrict=0)',
      );
    }
    return new KernelSymbols(names);
  }

  /**
   * The name of a function as a tool printed it: resolved where it is an address, without an offset where it has one.
   */
  static nameOf(symbols: KernelSymbols | null, printed: string): string {
    const plain = printed.replace(OFFSET, '');
    const address = ADDRESS.exec(plain)?.[1];
    return address === undefined ? plain : (symbols?.names.get(normal(address)) ?? plain);
  }
}

const normal = (address: string): string => address.padStart(16, '0');

const noSymbols = (path: string, what: string): WorkbenchError =>
  new WorkbenchError('import-failed', `${basename(path)} ${what}.`, { file: path });
