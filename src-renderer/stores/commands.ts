/**
 * Every action of the window: an id, a title, keys and a handler. Keys, buttons, the host's menu and the
 * palette all go through here, so an action exists once and is found everywhere.
 */
import { defineStore } from 'pinia';
import { computed, onScopeDispose, shallowRef, triggerRef } from 'vue';
import { keyName } from './keys.ts';
import { useNotices } from './notices.ts';

/** Sections of the key list, in its order. */
export const COMMAND_GROUPS = ['Replay', 'Timeline', 'Selection', 'Find', 'File', 'Window'] as const;
export type CommandGroup = (typeof COMMAND_GROUPS)[number];

export interface Command {
  /** "area.action", stable: menus and saved settings name it. */
  readonly id: string;
  readonly title: string;
  readonly group: CommandGroup;
  /** Names as `keyName` gives them; the first is the one shown on buttons. */
  readonly keys: readonly string[];
  readonly run: () => unknown;
  /** Whether it can be run now; absent means always. */
  readonly enabled?: () => boolean;
  /** Whether a key held down runs it again and again. */
  readonly repeats?: boolean;
}

const isTextField = (element: Element): boolean =>
  element.matches(
    'input:not([type=checkbox], [type=radio], [type=range], [type=button]), textarea, select',
  ) ||
  (element instanceof HTMLElement && element.isContentEditable);

const takesKey = (element: Element, key: string): boolean =>
  (key === 'Space' || key === 'Enter') &&
  element.matches(
    'button:focus-visible, a:focus-visible, summary:focus-visible, [role=option]:focus-visible, input',
  );

export const useCommands = defineStore('commands', () => {
  const notices = useNotices();
  const byId = shallowRef(new Map<string, Command>());

  const all = computed(() => [...byId.value.values()]);
  const byKey = computed(() => {
    const map = new Map<string, Command>();
    for (const command of byId.value.values()) for (const key of command.keys) map.set(key, command);
    return map;
  });

  /** Adds commands for as long as the caller's component or scope lives. */
  function register(commands: readonly Command[]): void {
    for (const command of commands) byId.value.set(command.id, command);
    triggerRef(byId);
    onScopeDispose(() => {
      for (const command of commands) {
        if (byId.value.get(command.id) === command) byId.value.delete(command.id);
      }
      triggerRef(byId);
    });
  }

  function isEnabled(id: string): boolean {
    const command = byId.value.get(id);
    return command !== undefined && (command.enabled?.() ?? true);
  }

  /** Runs a command by id. One that is unknown or cannot be run now does nothing and answers false. */
  function run(id: string): boolean {
    const command = byId.value.get(id);
    if (command === undefined || !(command.enabled?.() ?? true)) return false;
    const result = command.run();
    if (result instanceof Promise) result.catch((thrown: unknown) => notices.fail(command.title, thrown));
    return true;
  }

  /** The first key of a command as text for a tooltip, '' where it has none. */
  function keyOf(id: string): string {
    return byId.value.get(id)?.keys[0] ?? '';
  }

  /** Listens for keys on the whole window. Text fields and open dialogs keep theirs. Returns a function that stops it. */
  function listen(target: Window): () => void {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing) return;
      const element = event.target instanceof Element ? event.target : document.body;
      if (element.closest('dialog') !== null || isTextField(element)) return;
      const key = keyName(event);
      if (takesKey(element, key)) return;
      const command = byKey.value.get(key);
      if (command === undefined || (event.repeat && command.repeats !== true)) return;
      event.preventDefault();
      run(command.id);
    };
    target.addEventListener('keydown', onKeyDown);
    return () => target.removeEventListener('keydown', onKeyDown);
  }

  return { all, register, isEnabled, run, keyOf, listen };
});
