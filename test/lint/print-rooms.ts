/**
 * Prints the rooms of each layer, top floor first, with what each imports, and every import that goes backwards.
 * Fails if there is one. Run by `npm run rooms`.
 */
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import rules from './import-rules.cjs';
import { LAYERS } from './rooms.cjs';
import { roomGraph, type ModuleImports } from './room-graph.ts';

const folders = LAYERS.map(({ layer }) => layer);
const { doNotFollow, tsPreCompilationDeps, enhancedResolveOptions } = rules.options;
const { output } = await cruise(folders, { doNotFollow, tsPreCompilationDeps, enhancedResolveOptions });
const modules = (output as ICruiseResult).modules.map(({ source, dependencies }): ModuleImports => ({
  source,
  imports: dependencies.map(({ resolved }) => resolved),
}));
for (const layer of LAYERS) {
  const { directions, backwards, homeless } = roomGraph(layer, modules);
  const { floors } = layer;
  process.stdout.write(`${layer.layer}: ${floors.length} floors, ${directions.size} directions\n`);
  for (const [above, [, rooms]] of [...floors].reverse().entries()) {
    for (const room of rooms) {
      const imported = [...directions.keys()].filter((direction) => direction.startsWith(`${room} -> `));
      const others = imported.map((direction) => direction.slice(room.length + 4));
      process.stdout.write(
        `  ${floors.length - above}  ${room.padEnd(12)} ${others.length > 0 ? `-> ${others.join(', ')}` : ''}\n`,
      );
    }
  }
  for (const line of backwards) process.stdout.write(`  backwards: ${line}\n`);
  for (const file of homeless) process.stdout.write(`  in no room: ${file}\n`);
  if (backwards.length + homeless.length > 0) process.exitCode = 1;
}
