/** A process that records until it is killed: the file's name is its argument. Prints a line after each commit. */
import { SyntheticTrace } from './synthetic-trace.ts';
import { TraceWriter } from '../write/trace-writer.ts';

const writer = new TraceWriter(process.argv[2]!, {
  source: 'emulator',
  sourceDetail: 'endless',
  tickNs: null,
  clock: 'virtual',
  scenario: null,
});
let batches = 0;
for (const batch of new SyntheticTrace({ events: 1e9, batchRows: 4096 }).batches()) {
  writer.write(batch);
  if (++batches % 4 === 0) {
    writer.commit();
    process.stdout.write(`${writer.eventsCommitted}\n`);
  }
}
