/** What the rooms of a layer import of each other. */

/** A file and the files that it imports, from the root of the project. */
export interface ModuleImports {
  readonly source: string;
  readonly imports: readonly string[];
}

export type Floor = readonly [reason: string, rooms: readonly string[]];

/** A layer's rooms from the ground up. A name that ends in `.ts` or `.vue` is a file. */
export interface Layer {
  readonly layer: string;
  readonly floors: readonly Floor[];
}

export interface RoomGraph {
  /** The rooms that a room imports, as `room -> other`, with how many imports there are. */
  readonly directions: ReadonlyMap<string, number>;
  /** Imports of a room on the same floor or above, as `file -> file`. */
  readonly backwards: readonly string[];
  /** Files of the layer that lie in no room. */
  readonly homeless: readonly string[];
}

/** Tests look at a room from outside, and declarations hold no code: they are no part of it. */
const OUTSIDE = /[.](test|component-test|d)[.]ts$/;

/** @param modules of the whole project, or of the layer at least */
export function roomGraph({ layer, floors }: Layer, modules: readonly ModuleImports[]): RoomGraph {
  const floorOf = new Map(floors.flatMap(([, rooms], floor) => rooms.map((room) => [room, floor] as const)));
  const roomOf = (file: string): string | null => {
    if (!file.startsWith(`${layer}/`)) return null;
    const room = file.slice(layer.length + 1).split('/')[0]!;
    return floorOf.has(room) ? room : '';
  };
  const directions = new Map<string, number>();
  const backwards: string[] = [];
  const homeless: string[] = [];
  for (const { source, imports } of modules) {
    const from = roomOf(source);
    if (from === null || OUTSIDE.test(source)) continue;
    if (from === '') homeless.push(source);
    for (const target of imports) {
      const to = roomOf(target);
      if (to === null || to === '' || from === '' || to === from) continue;
      const direction = `${from} -> ${to}`;
      directions.set(direction, (directions.get(direction) ?? 0) + 1);
      if (floorOf.get(to)! >= floorOf.get(from)!) backwards.push(`${source} -> ${target}`);
    }
  }
  return { directions, backwards, homeless };
}
