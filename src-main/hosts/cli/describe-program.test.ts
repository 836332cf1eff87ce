/** What is made of the definitions of the commands: completions and the manual page. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, describe, expect, it, test } from 'vitest';
import { completionScript, SHELLS } from './completion-scripts.ts';
import { describeProgram } from './describe-program.ts';
import { manPage } from './man-page.ts';
import { createProgram } from './program.ts';

const facts = describeProgram(createProgram(() => undefined));
const folder = mkdtempSync(join(tmpdir(), 'completion-'));
afterAll(() => rmSync(folder, { recursive: true }));

const isInstalled = (command: string): boolean =>
  (process.env['PATH'] ?? '').split(delimiter).some((path) => existsSync(join(path, command)));

describe('each command', () => {
  it.each(facts.commands.map(({ name, ...rest }) => [name, rest] as const))(
    '%s says what it does, has examples, and answers programs with --json',
    (name, { summary, description, examples, options }) => {
      expect(summary).toMatch(/^[a-z].*[^.]$/);
      expect(description).toMatch(/\.$/);
      expect(examples[0]).toContain(`schedctl-workbench ${name}`);
      expect(options.map(({ long }) => long)).toContain('--json');
      for (const option of options) expect(option.description, option.long).not.toBe('');
    },
  );
});

/** What bash offers after these words. */
function offered(...words: readonly string[]): string[] {
  const script = join(folder, 'completion.bash');
  writeFileSync(script, completionScript('bash', facts));
  const quoted = words.map((word) => `'${word}'`).join(' ');
  const line = `source ${script}; COMP_WORDS=(${quoted}); COMP_CWORD=${words.length - 1}; _schedctl_workbench; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['-c', line], { encoding: 'utf8' }).trim().split('\n');
}

describe.runIf(isInstalled('bash'))('bash', () => {
  it('offers commands, their options, and the values of an option', () => {
    expect(offered('schedctl-workbench', 're')).toEqual(['record']);
    expect(offered('schedctl-workbench', 'record', '--s')).toEqual(['--seed']);
    expect(offered('schedctl-workbench', 'query', 'x.sctrace', '--format', '')).toEqual([
      'table',
      'csv',
      'json',
    ]);
    expect(offered('schedctl-workbench', 'completion', 'z')).toEqual(['zsh']);
  });

  it('leaves file names to the shell', () => {
    expect(offered('schedctl-workbench', 'info', 'conv')).toEqual(['']);
  });
});

test.each(SHELLS.filter(isInstalled))('%s takes the script', (shell) => {
  const script = join(folder, `completion.${shell}`);
  writeFileSync(script, completionScript(shell, facts));
  expect(spawnSync(shell, ['-n', script], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
});

test.each(SHELLS)('%s is told of every command and option', (shell) => {
  const script = completionScript(shell, facts);
  for (const { name, options } of facts.commands) {
    expect(script).toContain(name);
    for (const { long } of options) expect(script).toContain(shell === 'fish' ? `-l ${long.slice(2)}` : long);
  }
});

test('the manual page has every command and option, and troff takes it', () => {
  const page = manPage(facts);
  for (const { name, options } of facts.commands) {
    expect(page).toContain(`.SS ${name} `);
    for (const { flags } of options) expect(page).toContain(`.B ${flags.replaceAll('-', '\\-')}`);
  }
  if (!isInstalled('groff')) return;
  const warnings = spawnSync('groff', ['-man', '-Tutf8', '-ww', '-z'], { input: page, encoding: 'utf8' });
  expect(warnings).toMatchObject({ status: 0, stderr: '' });
});

test('the value of an option that takes files is completed with files', () => {
  const also = facts.commands
    .find(({ name }) => name === 'import')!
    .options.find(({ long }) => long === '--also')!;
  expect(also).toMatchObject({ takesValue: true, takesFile: true });
});
