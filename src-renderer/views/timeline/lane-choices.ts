/** What the names beside the lanes show of the reader's choices, and how they change them. */
import type { LaneRow } from '../../trace-data/lane-model.ts';

export interface LaneChoices {
  /** All rows, in order. */
  readonly rows: readonly LaneRow[];
  /** Keys of folded groups. */
  readonly collapsed: ReadonlySet<string>;
  isPinned(key: string): boolean;
  togglePin(key: string): void;
  toggleGroup(key: string): void;
  hide(key: string): void;
  /** Moves a row by so many places among those of its group. */
  move(rowKey: string, places: number): void;
}
