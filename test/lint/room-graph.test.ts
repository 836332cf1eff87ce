/** The rooms of a layer and the rules that hold them. */
import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { LAYERS, roomRules } from './rooms.cjs';
import { roomGraph } from './room-graph.ts';

const shop = {
  layer: 'src/shop',
  floors: [
    ['', ['cellar']],
    ['', ['hall', 'stairs']],
    ['', ['door.ts']],
  ],
} as const;

test('imports of lower floors are directions of a room', () => {
  const graph = roomGraph(shop, [
    {
      source: 'src/shop/hall/a.ts',
      imports: ['src/shop/cellar/a.ts', 'src/shop/cellar/b.ts', 'src/other.ts'],
    },
    { source: 'src/shop/door.ts', imports: ['src/shop/hall/a.ts'] },
  ]);
  expect([...graph.directions]).toEqual([
    ['hall -> cellar', 2],
    ['door.ts -> hall', 1],
  ]);
  expect(graph.backwards).toEqual([]);
  expect(graph.homeless).toEqual([]);
});

test('an import of the same floor or of one above goes backwards, but in tests', () => {
  const { backwards } = roomGraph(shop, [
    { source: 'src/shop/cellar/a.ts', imports: ['src/shop/hall/a.ts', 'src/shop/cellar/b.ts'] },
    { source: 'src/shop/stairs/a.ts', imports: ['src/shop/hall/a.ts'] },
    { source: 'src/shop/cellar/a.test.ts', imports: ['src/shop/hall/a.ts'] },
  ]);
  expect(backwards).toEqual([
    'src/shop/cellar/a.ts -> src/shop/hall/a.ts',
    'src/shop/stairs/a.ts -> src/shop/hall/a.ts',
  ]);
});

test('a file outside of all rooms is told', () => {
  expect(roomGraph(shop, [{ source: 'src/shop/lost.ts', imports: [] }]).homeless).toEqual([
    'src/shop/lost.ts',
  ]);
});

const isForbidden = (rules: ReturnType<typeof roomRules>, source: string, target: string): boolean =>
  rules.some(
    ({ from, to }) =>
      new RegExp(from.path).test(source) &&
      !new RegExp(from.pathNot).test(source) &&
      new RegExp(to.path ?? '').test(target),
  );

test.each(LAYERS)('the rules forbid $layer every way back, and no way down', (house) => {
  const { layer, floors } = house;
  const rules = roomRules([house]);
  const path = (room: string): string =>
    /[.](ts|vue)$/.test(room) ? `${layer}/${room}` : `${layer}/${room}/x.ts`;
  for (const [floor, [, rooms]] of floors.entries()) {
    for (const room of rooms.filter((name) => name !== 'testing')) {
      for (const [other, [, others]] of floors.entries()) {
        for (const target of others) {
          const back = other >= floor && target !== room;
          expect(isForbidden(rules, path(room), path(target)), `${room} -> ${target}`).toBe(back);
        }
      }
    }
  }
  expect(isForbidden(rules, `${layer}/lost.ts`, `${layer}/${floors[0]![1][0]!}/x.ts`)).toBe(true);
});

test.each(LAYERS)('every room of $layer is there, and no other', ({ layer, floors }) => {
  const present = readdirSync(layer).filter((name) => !/[.](md|json|html|test[.]ts|d[.]ts)$/.test(name));
  expect(present.sort()).toEqual(floors.flatMap(([, rooms]) => rooms).sort());
});
