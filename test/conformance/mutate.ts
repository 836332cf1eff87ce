/**
 * `node test/conformance/mutate.ts --count 5000 --seed 1`: runs mutated vectors of all kinds (mutated-vectors.ts), from
 * number `--from` on. The first that the emulator takes wrongly is printed; exit code 1.
 */
import { parseArgs } from 'node:util';
import { materials, mutationNumber } from './mutation-numbers.ts';
import { faultOf } from './mutated-vectors.ts';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    from: { type: 'string', default: '0' },
  },
});
const from = Number(values.from);
const count = Number(values.count);
const all = materials();
for (let n = from; n < from + count; n++) {
  const { driver, lines } = mutationNumber(all, Number(values.seed), n);
  const fault = faultOf(driver, lines);
  if (fault === '') continue;
  process.stdout.write(`mutation ${n} of seed ${values.seed}, ${driver.kind}: ${fault}\n`);
  process.exitCode = 1;
  break;
}
if (process.exitCode === undefined) process.stdout.write(`${count} mutations, none failed\n`);
