import { describe, expect, it } from 'vitest';
import { acceleratorOf, COMMAND_GROUPS, COMMAND_IDS, COMMANDS } from './commands.ts';

describe('the commands of the window', () => {
  it('give each key to one command', () => {
    const keys = COMMAND_IDS.flatMap((id) => COMMANDS[id].keys);
    expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([]);
  });

  it('all have a title of their own and a group that is shown', () => {
    const titles = COMMAND_IDS.map((id) => COMMANDS[id].title);
    expect(new Set(titles).size).toBe(titles.length);
    for (const id of COMMAND_IDS) expect(COMMAND_GROUPS).toContain(COMMANDS[id].group);
  });
});

describe('acceleratorOf', () => {
  it('spells keys as Electron does', () => {
    expect(acceleratorOf('file.open')).toBe('CmdOrCtrl+O');
    expect(acceleratorOf('find.focus')).toBe('CmdOrCtrl+P');
    expect(acceleratorOf('window.previousPanel')).toBe('Shift+F6');
  });

  it('leaves keys that type or edit text to the window', () => {
    expect(acceleratorOf('replay.toggle')).toBeNull();
    expect(acceleratorOf('replay.nextSwitch')).toBeNull();
    expect(acceleratorOf('window.density')).toBeNull();
  });
});
