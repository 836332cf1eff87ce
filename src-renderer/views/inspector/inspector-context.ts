/**
 * What the pages of the inspector need besides the inspection itself: names, links, the way to the service. The
 * container gives it once, so that a link four components down needs no props through all of them; a test gives plain
 * objects. The parts are named as the stores that they are a view of.
 */
import { inject, provide, type InjectionKey } from 'vue';
import type { CommandId } from '#shared/api/commands.ts';
import type { TraceSummary, WorkbenchClient } from '#shared/api/contract.ts';
import type { Finding, FindingKind } from '#shared/model/findings.ts';
import type { InspectorPage } from '../../stores/inspector-pages.ts';
import type { NameTable } from '../../trace-data/decode/names.ts';
import type { SlotLives } from '../../trace-data/slot-lives.ts';
import type { TimeRange } from '../../trace-data/time-axis.ts';

export interface InspectorContext {
  readonly session: {
    readonly trace: TraceSummary | null;
    readonly traceId: string | null;
    workbench(): WorkbenchClient;
  };
  readonly names: { readonly table: NameTable };
  readonly pages: {
    readonly page: InspectorPage;
    readonly canGoBack: boolean;
    readonly canGoForward: boolean;
    go(page: InspectorPage): void;
    back(): void;
    forward(): void;
  };
  readonly cursor: {
    readonly sequence: number | null;
    seekTime(timeNs: number): void;
    seekRow(row: { readonly sequence: number; readonly timeNs: number }): void;
  };
  readonly playback: { readonly playing: boolean; looping: boolean; play(): void };
  readonly selection: {
    readonly timeRange: TimeRange | null;
    selectRange(range: TimeRange | null): void;
  };
  readonly viewport: {
    readonly known: TimeRange;
    within(aNs: number, bNs: number): TimeRange | null;
    fit(range: TimeRange): void;
  };
  readonly commands: { run(id: CommandId): boolean; keyOf(id: CommandId): string };
  readonly notices: {
    fail(title: string, thrown: unknown): void;
    add(severity: 'info', title: string, text: string): void;
  };
  readonly findings: {
    readonly kinds: ReadonlyMap<string, FindingKind>;
    readonly all: readonly Finding[];
    byOrdinal(ordinal: number): Finding | undefined;
  };
  /** Shows another finding everywhere: its page, its range, its lanes. */
  readonly goToFinding: (finding: Finding) => void;
  readonly notes: { add(startNs: number, endNs: number | null, text: string): Promise<string | null> };
  /** How often the slots of the last trace were allocated: pages that come and go share it. */
  readonly slotLives: { kept: { readonly traceId: string; readonly lives: SlotLives } | null };
  /** Which sections are folded, by name. */
  readonly settings: { folded: Record<string, boolean> };
}

const CONTEXT: InjectionKey<InspectorContext> = Symbol('inspector');

export function provideInspectorContext(context: InspectorContext): void {
  provide(CONTEXT, context);
}

export function useInspectorContext(): InspectorContext {
  const context = inject(CONTEXT);
  if (context === undefined) throw new Error('a page of the inspector stands outside of the inspector');
  return context;
}
