import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { countPlaywright, countVitest } from './runner-reports.mjs';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reports-'));
  file = join(folder, 'report.json');
});
afterEach(() => rmSync(folder, { recursive: true }));
const report = (content: unknown) => writeFileSync(file, JSON.stringify(content));

describe('vitest', () => {
  const passed = { status: 'passed', assertionResults: [{ status: 'passed' }] };
  const failed = { status: 'failed', assertionResults: [{ status: 'passed' }, { status: 'failed' }] };
  const unloadable = { status: 'failed', assertionResults: [] };

  test('counts tests', () => {
    report({ numPassedTests: 7, numFailedTests: 1, testResults: [passed, failed] });
    expect(countVitest(file, 1)).toEqual({ passed: 7, failed: 1 });
  });

  test('a file that cannot be loaded is a failure', () => {
    report({ numPassedTests: 1, numFailedTests: 0, testResults: [passed, unloadable] });
    expect(countVitest(file, 1)).toEqual({ passed: 1, failed: 1 });
  });

  test('an error outside of any test is a failure', () => {
    report({ numPassedTests: 1, numFailedTests: 0, testResults: [passed] });
    expect(countVitest(file, 1)).toEqual({ passed: 1, failed: 1 });
  });

  test('no report, or half of one, is a failure whatever the exit code', () => {
    expect(countVitest(file, 0)).toEqual({ passed: 0, failed: 1 });
    writeFileSync(file, '{"numPassedTests": 7,');
    expect(countVitest(file, 0)).toEqual({ passed: 0, failed: 1 });
  });
});

describe('playwright', () => {
  test('counts tests; one that passed on its second try has passed', () => {
    report({ stats: { expected: 5, flaky: 1, unexpected: 2, skipped: 3 } });
    expect(countPlaywright(file, 1)).toEqual({ passed: 6, failed: 2 });
  });

  test('a run that could not begin is a failure', () => {
    report({ stats: { expected: 0, flaky: 0, unexpected: 0 } });
    expect(countPlaywright(file, 1)).toEqual({ passed: 0, failed: 1 });
    expect(countPlaywright(join(folder, 'none.json'), 137)).toEqual({ passed: 0, failed: 1 });
  });
});
