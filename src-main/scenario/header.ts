/** The comment at the head of a scenario file. */
import type { CauseId } from '#shared/base/brands.ts';

export interface ScenarioHeader {
  /** From `# Title: ...`; null where there is none. */
  readonly title: string | null;
  /** From `# See: ...` and the comment lines that follow it; null where there is none. */
  readonly see: string | null;
  /** From `# Place: 1`: where it stands in lists, the smallest first; null for behind all that have one. */
  readonly place: CauseId | null;
}

/** Reads title and description from the comment lines before the first line of YAML. */
export function scenarioHeader(text: string): ScenarioHeader {
  let title: string | null = null;
  let see: string | null = null;
  let place: CauseId | null = null;
  let inSee = false;
  for (const line of text.split(/\r?\n/)) {
    if (!line.startsWith('#')) break;
    const comment = line.replace(/^#\s?/, '').trim();
    if (comment.startsWith('Title:')) {
      title = comment.slice('Title:'.length).trim();
      inSee = false;
    } else if (comment.startsWith('See:')) {
      see = comment.slice('See:'.length).trim();
      inSee = true;
    } else if (/^Place: \d+$/.test(comment)) {
      place = Number(comment.slice('Place:'.length));
      inSee = false;
    } else if (comment === '') inSee = false;
    else if (inSee) see += ` ${comment}`;
  }
  return { title, see, place };
}
