/** Actions of the window itself: its dialogs, panels and looks. */
import { COLOUR_SETS, DENSITIES, THEMES } from '../../theme/appearance.ts';
import type { CommandHandler } from '../commands.ts';
import { useDialogs } from '../dialogs.ts';
import { useRulerScale } from '../ruler-scale.ts';
import { useSession } from '../session.ts';
import { useSettings } from '../settings.ts';

/**
 * Panels say that they are one by `data-panel`, in the order of the document. One with panels in it gives way to them.
 */
function focusPanel(step: 1 | -1): void {
  const panels = [...document.querySelectorAll<HTMLElement>('[data-panel], [role=application]')]
    .filter((panel) => panel.checkVisibility())
    .filter((panel, _at, shown) => !shown.some((other) => other !== panel && panel.contains(other)));
  if (panels.length === 0) return;
  const current = panels.findIndex((panel) => panel.contains(document.activeElement));
  const next = current < 0 ? (step === 1 ? 0 : panels.length - 1) : current + step;
  panels[(next + panels.length) % panels.length]!.focus();
}

export function windowCommands(): CommandHandler[] {
  const session = useSession();
  const settings = useSettings();
  const dialogs = useDialogs();
  const ruler = useRulerScale();
  const after = <T>(values: readonly T[], value: T): T =>
    values[(values.indexOf(value) + 1) % values.length]!;
  return [
    { id: 'find.palette', run: () => dialogs.show('palette') },
    { id: 'window.keys', run: () => dialogs.show('keys') },
    { id: 'window.nextPanel', run: () => focusPanel(1) },
    { id: 'window.previousPanel', run: () => focusPanel(-1) },
    { id: 'window.theme', run: () => (settings.theme = after(THEMES, settings.theme)) },
    { id: 'window.colours', run: () => (settings.colourSet = after(COLOUR_SETS, settings.colourSet)) },
    { id: 'window.density', run: () => (settings.density = after(DENSITIES, settings.density)) },
    { id: 'timeline.rulerScale', run: ruler.next, enabled: () => session.trace !== null },
  ];
}
