/** The table of queries: which file of the store answers which request, by the names in the contract. */
import { existsSync } from 'node:fs';
import { traceQueries } from '#shared/api/contract.ts';
import { formatted, type GeneratedFile } from './generated-file.ts';

const PATH = new URL('../../src-main/store/queries/query-table.ts', import.meta.url);

const HEAD = `/**
 * The query that answers each request about an open trace. Generated from the contract (\`npm run generate\`):
 * \`stateAt\` of \`state-at.ts\` answers \`trace.stateAt\`. The compiler checks that it takes and answers what the
 * contract says.
 */
import type { Queries } from './params.ts';`;

/** Throws an Error that names the file for a request whose query has not been written. */
export async function queryTableFiles(): Promise<readonly GeneratedFile[]> {
  const queries = Object.keys(traceQueries).map((request) => {
    const name = request.replace('trace.', '');
    const file = `${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}.ts`;
    if (!existsSync(new URL(file, PATH)))
      throw new Error(`${request} has no query yet: write ${name}() in src-main/store/queries/${file}.`);
    return { request, name, file };
  });
  const imports = queries.map(({ name, file }) => `import { ${name} } from './${file}';`);
  const entries = queries.map(({ request, name }) => `  '${request}': ${name},`);
  const text = [
    [HEAD, ...imports].join('\n'),
    `export { ${queries.map(({ name }) => name).join(', ')} };`,
    ['export const QUERIES: Queries = {', ...entries, '};', ''].join('\n'),
  ];
  return [await formatted(PATH, text.join('\n\n'))];
}
