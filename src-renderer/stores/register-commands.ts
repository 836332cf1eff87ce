/**
 * The commands that are there whatever the window shows. Called once, by the component that lives as long as the
 * window.
 */
import { watch } from 'vue';
import { useCommands } from './commands.ts';
import { fileCommands } from './command-groups/file-commands.ts';
import { findingCommands } from './command-groups/finding-commands.ts';
import { noteCommands } from './command-groups/note-commands.ts';
import { replayCommands } from './command-groups/replay-commands.ts';
import { windowCommands } from './command-groups/window-commands.ts';
import { useConnection } from './connection.ts';

export function registerWindowCommands(): void {
  const commands = useCommands();
  const connection = useConnection();
  // The host's menu knows commands by id.
  watch(
    () => connection.client,
    (client) => client?.on('command.run', ({ command }) => commands.runNamed(command)),
    { immediate: true },
  );
  commands.register([
    ...replayCommands(),
    ...noteCommands(),
    ...findingCommands(),
    ...fileCommands(),
    ...windowCommands(),
  ]);
}
