/**
 * What a window has open, to be let go of with it: a window that crashes, or whose connection breaks, closes nothing.
 */
export class HeldByWindow {
  private readonly held = new Map<string, () => Promise<unknown>>();
  private isOver = false;

  /** Keeps `release` for the end of the window; where it has gone meanwhile, calls it now. */
  async add(id: string, release: () => Promise<unknown>): Promise<void> {
    if (this.isOver) await release();
    else this.held.set(id, release);
  }

  /** The window has let go of it itself. */
  forget(id: string): void {
    this.held.delete(id);
  }

  /** The window has gone. Never rejects: what cannot be let go of has gone before. */
  async releaseAll(): Promise<void> {
    this.isOver = true;
    const releases = [...this.held.values()];
    this.held.clear();
    await Promise.allSettled(releases.map((release) => release()));
  }
}
