/**
 * Whether a text is meant to be a scenario, valid or not: a person who opens a scenario with a mistake in it
 * wants to see the mistake, not that the file is of an unknown kind.
 */
const TOP_LEVEL_KEYS = /^(processes|cpus|hz|duration|seed|locks|programs|dispatch_table):/m;
const TITLE = /^# Title:/;

export function looksLikeScenario(text: string): boolean {
  return TITLE.test(text) || TOP_LEVEL_KEYS.test(text);
}
