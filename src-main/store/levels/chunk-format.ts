/** How the bytes of a chunk are read. */
export interface ChunkFormat<C> {
  /** 0; 1 for a second way to read the chunks of another format. */
  readonly variant: 0 | 1;
  /** Throws InvariantError where the bytes are no chunk of this format. */
  decode(level: number, bytes: Uint8Array): { readonly columns: C; readonly length: number };
}
