/** Keys as text: "Space", "Shift+M", "Ctrl+Shift+P", "?". One spelling for the binding, the event and the help. */

interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

const NAMED: Readonly<Record<string, string>> = { ' ': 'Space', Esc: 'Escape' };

/**
 * The name of a key press. Shift is part of the name for letters and named keys only: for other characters
 * it is already in the character ("?" not "Shift+?"), whatever the layout. Command counts as Ctrl.
 */
export function keyName(press: KeyPress): string {
  const isLetter = press.key.length === 1 && press.key.toLowerCase() !== press.key.toUpperCase();
  const isNamed = press.key.length > 1 || press.key === ' ';
  const base = isLetter ? press.key.toUpperCase() : (NAMED[press.key] ?? press.key);
  return (
    (press.ctrlKey || press.metaKey ? 'Ctrl+' : '') +
    (press.altKey ? 'Alt+' : '') +
    (press.shiftKey && (isLetter || isNamed) ? 'Shift+' : '') +
    base
  );
}

const SHOWN: Readonly<Record<string, string>> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc',
};

/** The parts of a key's name as they are printed on keys: `['Ctrl', 'Shift', 'P']`. */
export function keyCaps(name: string): string[] {
  const parts = name.endsWith('++')
    ? [...name.slice(0, -2).split('+'), '+']
    : name === '+'
      ? ['+']
      : name.split('+');
  return parts.map((part) => SHOWN[part] ?? part);
}
