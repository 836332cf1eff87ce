/**
 * Prints every text of the window and of the command line with its file and line: `npm run messages`, and
 * `npm run messages -- src-renderer/views/events` for those of a path.
 */
import { messageCatalogue } from './catalogue.ts';

const messages = messageCatalogue(process.argv.slice(2));
if (messages.length === 0) {
  process.stderr.write(
    'There are no texts below these paths: give paths of the project, such as src-renderer/views.\n',
  );
  process.exitCode = 1;
}
process.stdout.write(
  messages.map(({ file, line, role, text }) => `${file}:${line}\t${role}\t${text}\n`).join(''),
);
