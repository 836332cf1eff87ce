/**
 * What was sent to a page and has not been taken by it. Electron's IPC takes every message at once and keeps it for as
 * long as the page stands still, and does not say how much that is; so the preload says which it has taken.
 */
import type { ServerMessage } from '#shared/api/messages.ts';

export class UnreadMessages {
  /** Bytes of each message, oldest first; those before `first` have been taken. */
  private sizes: number[] = [];
  private first = 0;
  private total = 0;

  get bytes(): number {
    return this.total;
  }

  sent(message: ServerMessage): void {
    const size = approximateBytes(message);
    this.sizes.push(size);
    this.total += size;
  }

  /** The page has taken the oldest one. */
  taken(): void {
    if (this.first === this.sizes.length) return;
    this.total -= this.sizes[this.first++]!;
    if (2 * this.first < this.sizes.length) return;
    this.sizes = this.sizes.slice(this.first);
    this.first = 0;
  }
}

/** Of anything that holds or names something else. */
const OVERHEAD_BYTES = 16;

/** What a structured clone of `message` takes, roughly: columns and texts are all that counts. */
function approximateBytes(message: unknown): number {
  let bytes = 0;
  const values: unknown[] = [message];
  while (values.length > 0) {
    const value = values.pop();
    bytes += OVERHEAD_BYTES;
    if (typeof value === 'string') bytes += value.length;
    else if (ArrayBuffer.isView(value)) bytes += value.byteLength;
    else if (Array.isArray(value)) for (const inner of value) values.push(inner);
    else if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value)) {
        bytes += key.length;
        values.push(inner);
      }
    }
  }
  return bytes;
}
