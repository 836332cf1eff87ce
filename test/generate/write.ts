/** Writes everything that is generated from the sources: `npm run generate`. */
import { writeFile } from 'node:fs/promises';
import { generatedFiles } from './generated-files.ts';

for (const { path, text } of await generatedFiles()) {
  await writeFile(path, text);
  console.log(path.pathname);
}
