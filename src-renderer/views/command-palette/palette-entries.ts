/** What the palette lists for a text: actions, then places in the open trace, in sections. */
import { COMMAND_GROUPS, type CommandId } from '#shared/api/commands.ts';
import type { TraceSummary } from '#shared/api/contract.ts';
import type { Command } from '../../stores/commands.ts';
import type { NameTable } from '../../trace-data/decode/names.ts';
import { find, type Found, type FoundWhat } from '../../trace-data/find.ts';
import { matchText, type Match } from '../../trace-data/match-text.ts';

export type PaletteEntry =
  | {
      readonly what: 'command';
      readonly id: CommandId;
      readonly keys: readonly string[];
      readonly match: Match;
    }
  | { readonly what: 'place'; readonly place: Found; readonly match: Match };

/** A trace in which places are looked for. */
export interface SearchedTrace {
  readonly summary: TraceSummary;
  readonly names: NameTable;
  readonly cursorNs: number;
}

export interface PaletteSection {
  readonly title: string;
  readonly entries: readonly PaletteEntry[];
}

/** A first character that says what is looked for. */
const PREFIXES: Readonly<Record<string, readonly FoundWhat[] | 'commands'>> = {
  '>': 'commands',
  '@': ['lwp'],
  '#': ['cpu'],
  ':': ['time'],
};
const placeSections = ({
  words,
}: NameTable): readonly { readonly title: string; readonly what: readonly FoundWhat[] }[] => [
  { title: 'Time', what: ['time'] },
  { title: `${words.Many}, CPUs, locks`, what: ['lwp', 'cpu', 'sync'] },
  { title: 'Events', what: ['kind'] },
];
/** Of each section, where all are searched; of the only one, where a prefix says which. */
const MOST_OF_EACH = 6;
const MOST_OF_ONE = 200;

/**
 * @param commands those that can be run now
 * @param trace the open trace and where its reader is; null where none is open
 */
export function paletteSections(
  text: string,
  commands: readonly Command[],
  trace: SearchedTrace | null,
): PaletteSection[] {
  const prefix = PREFIXES[text[0] ?? ''];
  const wanted = prefix === undefined ? text : text.slice(1);
  const sections: PaletteSection[] = [];
  if (prefix === undefined || prefix === 'commands') sections.push(...commandSections(wanted, commands));
  if (trace !== null && prefix !== 'commands' && (prefix !== undefined || wanted.trim() !== '')) {
    for (const { title, what } of placeSections(trace.names)) {
      const only = prefix === undefined ? what : what.filter((each) => prefix.includes(each));
      if (only.length === 0) continue;
      const most = prefix === undefined ? MOST_OF_EACH : MOST_OF_ONE;
      const found = find(wanted, trace.summary, trace.names, trace.cursorNs, { only, most });
      sections.push({
        title,
        entries: found.map((place) => ({ what: 'place', place, match: place.match })),
      });
    }
  }
  return sections.filter(({ entries }) => entries.length > 0);
}

/** By group, the group with the best match first; within a group the best first. */
function commandSections(text: string, commands: readonly Command[]): PaletteSection[] {
  const sections = COMMAND_GROUPS.map((title) => ({
    title,
    entries: commands
      .filter(({ group }) => group === title)
      .flatMap(({ id, title: commandTitle, keys }) => {
        const match = matchText(text, commandTitle, title);
        return match === null ? [] : [{ what: 'command' as const, id, keys, match }];
      })
      .sort((a, b) => a.match.rank - b.match.rank),
  }));
  const best = (section: (typeof sections)[number]): number => section.entries[0]?.match.rank ?? Infinity;
  return sections.sort((a, b) => best(a) - best(b));
}
