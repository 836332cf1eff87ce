/**
 * The columns of a query's result while it is put together; kept from one query to the next, as they are large.
 *
 * Hot: whoever fills them writes `columns.name[row]` itself, so that each place of the program writes to one type of
 * array; one function that appends to columns of all types is twenty times slower.
 */

type Numbers = Float64Array | Int32Array | Int16Array | Uint16Array | Uint8Array;
type Types = Readonly<Record<string, new (length: number) => Numbers>>;
export type ColumnsOf<T extends Types> = { -readonly [Name in keyof T]: InstanceType<T[Name]> };

const FIRST_ROWS = 4096;
/** Rows for which memory is kept: what some 64 lanes show on a wide screen. */
const ROWS_KEPT = 2 ** 18;

export class ResultColumns<T extends Types> {
  /** Rows that there is room for. */
  capacity = FIRST_ROWS;
  /** {@link grow} and {@link take} may replace them. */
  columns: ColumnsOf<T>;
  private readonly types: T;

  constructor(types: T) {
    this.types = types;
    this.columns = this.allocate();
  }

  /** Makes room for twice as many rows. */
  grow(): void {
    this.capacity *= 2;
    const grown = this.allocate();
    for (const name of Object.keys(this.types)) grown[name]!.set(this.columns[name]!);
    this.columns = grown;
  }

  /** A copy of the first rows. */
  take(rows: number): ColumnsOf<T> {
    const taken = this.map((name) => this.columns[name]!.slice(0, rows));
    if (this.capacity > ROWS_KEPT) {
      this.capacity = FIRST_ROWS;
      this.columns = this.allocate();
    }
    return taken;
  }

  private allocate(): ColumnsOf<T> {
    return this.map((_, type) => new type(this.capacity));
  }

  private map(make: (name: string, type: T[string]) => Numbers): ColumnsOf<T> {
    const made = Object.entries(this.types).map(([name, type]) => [name, make(name, type as T[string])]);
    return Object.fromEntries(made) as ColumnsOf<T>;
  }
}
