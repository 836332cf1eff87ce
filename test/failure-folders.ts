/**
 * Playwright's reporter of what a failing test leaves: one folder with its trace, a picture and the logs of its hosts.
 */
import { basename, dirname } from 'node:path';
import type { Reporter, TestCase, TestResult } from '@playwright/test/reporter';

export default class FailureFolders implements Reporter {
  private readonly folders: string[] = [];

  onTestEnd(test: TestCase, result: TestResult): void {
    if (result.status === test.expectedStatus || result.status === 'skipped') return;
    const files = result.attachments.flatMap(({ path }) => (path === undefined ? [] : [path]));
    const [first] = files;
    if (first === undefined) return;
    this.folders.push(
      `${test.title}\n  ${dirname(first)}\n  ${files.map((file) => basename(file)).join(', ')}`,
    );
  }

  onEnd(): void {
    if (this.folders.length === 0) return;
    process.stdout.write(`\nWhat the failed tests left:\n${this.folders.join('\n')}\n`);
  }

  printsToStdio(): boolean {
    return false;
  }
}
