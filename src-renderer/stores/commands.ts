/**
 * What runs each action of src-shared/api/commands.ts. Keys, buttons, the host's menu and the palette all go
 * through here, so an action exists once and is found everywhere.
 */
import { defineStore } from 'pinia';
import { computed, onScopeDispose, shallowRef, triggerRef } from 'vue';
import {
  COMMAND_IDS,
  COMMANDS,
  isCommandId,
  type CommandId,
  type CommandSpec,
} from '#shared/api/commands.ts';
import { keyName } from '#shared/api/keys.ts';
import { useNotices } from './notices.ts';

export interface CommandHandler {
  readonly id: CommandId;
  readonly run: () => unknown;
  /** Whether it can be run now; absent means always. */
  readonly enabled?: () => boolean;
}

/** What buttons need of the commands. */
export interface CommandRunner {
  run(id: CommandId): boolean;
  /** Whether it can be run now. */
  isEnabled(id: CommandId): boolean;
  /** Its first key, as text for a tooltip. */
  keyOf(id: CommandId): string;
}

/** A command that something in the window runs. */
export interface Command extends CommandSpec {
  readonly id: CommandId;
}

const BY_KEY: ReadonlyMap<string, CommandId> = new Map(
  COMMAND_IDS.flatMap((id) => COMMANDS[id].keys.map((key) => [key, id] as const)),
);

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
  const handlers = shallowRef(new Map<CommandId, CommandHandler>());

  /** In the order of the list. */
  const all = computed<Command[]>(() =>
    COMMAND_IDS.filter((id) => handlers.value.has(id)).map((id) => ({ id, ...COMMANDS[id] })),
  );

  /** Adds commands for as long as the caller's component or scope lives. */
  function register(added: readonly CommandHandler[]): void {
    for (const handler of added) handlers.value.set(handler.id, handler);
    triggerRef(handlers);
    onScopeDispose(() => {
      for (const handler of added) {
        if (handlers.value.get(handler.id) === handler) handlers.value.delete(handler.id);
      }
      triggerRef(handlers);
    });
  }

  function isEnabled(id: CommandId): boolean {
    const handler = handlers.value.get(id);
    return handler !== undefined && (handler.enabled?.() ?? true);
  }

  /** Runs a command. One that nothing handles or that cannot be run now does nothing and answers false. */
  function run(id: CommandId): boolean {
    const handler = handlers.value.get(id);
    if (handler === undefined || !(handler.enabled?.() ?? true)) return false;
    const result = handler.run();
    if (result instanceof Promise) {
      result.catch((thrown: unknown) => notices.fail(COMMANDS[id].title, thrown));
    }
    return true;
  }

  /** As {@link run}, for an id that came from outside the window: the host's menu. */
  function runNamed(id: string): boolean {
    return isCommandId(id) && run(id);
  }

  /** The first key of a command as text for a tooltip. */
  function keyOf(id: CommandId): string {
    return COMMANDS[id].keys[0];
  }

  /**
   * Listens for keys on the whole window. Text fields and open dialogs keep theirs. Returns a function that stops it.
   */
  function listen(target: Window): () => void {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing) return;
      const element = event.target instanceof Element ? event.target : document.body;
      // Also where the focus is on nothing: what lies behind a dialog is out of reach.
      if (target.document.querySelector('dialog:modal') !== null || isTextField(element)) return;
      const key = keyName(event);
      if (takesKey(element, key)) return;
      const id = BY_KEY.get(key);
      if (id === undefined || !handlers.value.has(id)) return;
      if (event.repeat && COMMANDS[id].repeats !== true) return;
      event.preventDefault();
      run(id);
    };
    target.addEventListener('keydown', onKeyDown);
    return () => target.removeEventListener('keydown', onKeyDown);
  }

  return { all, register, isEnabled, run, runNamed, keyOf, listen };
});
