/** Starts a piece of work, kills it, and looks at what is there. */
import { spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  watch,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { notesInTrace, TraceDatabase } from '#main/store/index.ts';
import { UserNotes } from '#main/workbench/files/user-notes.ts';
import { ATTEMPTS, checkedTrace, contentOf, makeSources, type Attempt, type Kind } from './attempts.ts';

/** What was there after the kill: nothing, leftovers, a recording that was cut off, or the whole. */
export type Found = 'nothing' | 'leftovers' | 'part' | 'whole';

/** Names that say what they are. */
const LEFTOVER = /\.[0-9a-f]{8}\.(new|old)(\.part(\.[0-9a-f]{8}\.new)?)?(-wal|-shm|-journal)?$/;
const PART = /\.part$/;
const BESIDE = /-(wal|shm|journal)$/;

export class Killer {
  private readonly base = mkdtempSync(join(tmpdir(), 'kill-'));
  private readonly cli: string;
  private readonly sources = join(this.base, 'sources');
  private readonly whole = new Map<Kind, { readonly content: unknown; readonly ms: number }>();

  /** @param cli the command line's program */
  constructor(cli: string) {
    this.cli = cli;
    mkdirSync(this.sources);
    makeSources(this.sources);
  }

  /** How long a run takes from the first file that it makes to its end, ms; notes are saved for a second. */
  async durationMs(kind: Kind): Promise<number> {
    return (await this.wholeOf(kind)).ms;
  }

  /**
   * Kills a run at a moment and checks what is there. Throws where that does not hold.
   *
   * @param afterMs since the first change in its folder; a negative one since the start of the program, turned round
   * @param again whether it has to succeed when it is done once more
   */
  async kill(kind: Kind, afterMs: number, again: boolean): Promise<Found> {
    const attempt: Attempt = ATTEMPTS[kind];
    const whole = await this.wholeOf(kind);
    const folder = this.newFolder(attempt);
    const { output } = await this.run(attempt, folder, [], afterMs);
    const found =
      attempt.output === null
        ? await checkNotes(folder, output)
        : this.check(attempt, attempt.output, folder, whole.content);
    if (again && attempt.output !== null) {
      const { code, output: said } = await this.run(attempt, folder, ['--force'], null);
      if (code !== 0) throw new Error(`once more, it ends with ${code}: ${said}`);
      this.compare(join(folder, attempt.output), whole.content);
    }
    rmSync(folder, { recursive: true });
    return found;
  }

  close(): void {
    rmSync(this.base, { recursive: true, force: true });
  }

  private check(attempt: Attempt, output: string, folder: string, whole: unknown): Found {
    for (const name of attempt.sources) {
      if (!readFileSync(join(folder, name)).equals(readFileSync(join(this.sources, name)))) {
        throw new Error(`the source ${name} has changed`);
      }
    }
    const names = readdirSync(folder).filter((name) => !attempt.sources.includes(name));
    let found: Found = 'nothing';
    for (const name of names) {
      const isBeside = BESIDE.test(name) && readdirSync(folder).includes(name.replace(BESIDE, ''));
      if (name === output || isBeside) continue;
      if (PART.test(name) && !LEFTOVER.test(name)) {
        checkedTrace(join(folder, name));
        found = 'part';
      } else if (LEFTOVER.test(name)) {
        if (found === 'nothing') found = 'leftovers';
      } else throw new Error(`${name} is there, and does not say what it is`);
    }
    if (!existsSync(join(folder, output))) return found;
    this.compare(join(folder, output), whole);
    return 'whole';
  }

  private compare(path: string, whole: unknown): void {
    if (JSON.stringify(contentOf(path)) !== JSON.stringify(whole)) throw new Error(`${path} is not whole`);
  }

  private async wholeOf(kind: Kind): Promise<{ readonly content: unknown; readonly ms: number }> {
    let whole = this.whole.get(kind);
    if (whole === undefined) {
      const attempt: Attempt = ATTEMPTS[kind];
      const folder = this.newFolder(attempt);
      const { code, output, ms } = await this.run(attempt, folder, [], attempt.output === null ? 1000 : null);
      if (attempt.output !== null && code !== 0) throw new Error(`${kind} ends with ${code}: ${output}`);
      whole = { content: attempt.output === null ? null : contentOf(join(folder, attempt.output)), ms };
      this.whole.set(kind, whole);
    }
    return whole;
  }

  private newFolder(attempt: Attempt): string {
    const folder = mkdtempSync(join(this.base, 'run-'));
    for (const name of attempt.sources) cpSync(join(this.sources, name), join(folder, name));
    return folder;
  }

  private run(
    attempt: Attempt,
    folder: string,
    more: readonly string[],
    killAfterMs: number | null,
  ): Promise<{ readonly code: number | null; readonly output: string; readonly ms: number }> {
    const args = [...attempt.args(this.cli, folder), ...more];
    const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
    let begunMs = performance.now();
    let timer: NodeJS.Timeout | null = null;
    const killIn = (ms: number): void => void (timer = setTimeout(() => child.kill('SIGKILL'), ms));
    const watcher = watch(folder, () => {
      watcher.close();
      begunMs = performance.now();
      if (killAfterMs !== null && killAfterMs >= 0) killIn(killAfterMs);
    });
    if (killAfterMs !== null && killAfterMs < 0) killIn(-killAfterMs);
    return new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code) => {
        if (timer !== null) clearTimeout(timer);
        watcher.close();
        resolve({ code, output, ms: performance.now() - begunMs });
      });
    });
  }
}

/** Every note that was said to be safe is there, in a trace that is as it was. */
async function checkNotes(folder: string, printed: string): Promise<Found> {
  const safe = printed.split('\n').length - 1;
  const path = join(folder, 'a.sctrace');
  checkedTrace(path);
  const trace = TraceDatabase.open(path);
  const inTrace = notesInTrace(trace).length;
  trace.close();
  const beside = (await new UserNotes(join(folder, 'settings')).list('a')).length;
  if (inTrace < safe || beside < safe) {
    throw new Error(`${safe} notes were saved; ${inTrace} are in the trace, ${beside} beside the settings`);
  }
  const settings = join(folder, 'settings/notes');
  const strange = existsSync(settings)
    ? readdirSync(settings).filter((name) => name !== 'a.json' && !LEFTOVER.test(name))
    : [];
  if (strange.length > 0) throw new Error(`${strange.join(', ')} are there, and do not say what they are`);
  return safe === 0 ? 'nothing' : 'whole';
}
