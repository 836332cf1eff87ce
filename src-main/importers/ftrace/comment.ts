/** What ftrace's comment lines tell: how many CPUs, whether the buffer had wrapped, which layout the lines have. */

export class CommentFacts {
  /** CPUs online, -1 where no comment says it. */
  cpus = -1;
  /** Events in the buffer and events ever written to it, -1 where no comment says it. */
  inBuffer = -1;
  written = -1;
  latencyFormat = false;
  /** Name of a tracer other than `nop`. */
  tracer: string | null = null;

  /** Reads one line that starts with `#`. */
  read(text: string): void {
    const cpus = /#P:(\d{1,4})\b/.exec(text);
    if (cpus) this.cpus = Number(cpus[1]);
    const entries = /entries-in-buffer\/entries-written: (\d{1,15})\/(\d{1,15})/.exec(text);
    if (entries) {
      this.inBuffer = Number(entries[1]);
      this.written = Number(entries[2]);
    }
    if (/^# \S+ latency trace v/.test(text)) this.latencyFormat = true;
    const tracer = /^# tracer: (\S{1,64})/.exec(text);
    if (tracer && tracer[1] !== 'nop') this.tracer = tracer[1]!;
  }
}
