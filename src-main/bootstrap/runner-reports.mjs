/** What the test runners say in the JSON files they leave. */
import { existsSync, readFileSync } from 'node:fs';

/**
 * @typedef {object} Count
 * @property {number} passed
 * @property {number} failed
 */

/**
 * A runner that ends with an error but names no failed test has crashed, or could not load a test file:
 * that is a failure too.
 *
 * @param {Count} count
 * @param {number} exitCode
 * @returns {Count}
 */
const withCrash = ({ passed, failed }, exitCode) => ({
  passed,
  failed: failed === 0 && exitCode !== 0 ? 1 : failed,
});

/**
 * @param {string} file
 * @returns {unknown} undefined where there is no readable report
 */
function readReport(file) {
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * Vitest's report: its counts, and one failure for each file that failed without a failed test in it.
 *
 * @param {string} file
 * @param {number} exitCode
 * @returns {Count}
 */
export function countVitest(file, exitCode) {
  const report =
    /** @type {{ numPassedTests: number, numFailedTests: number, testResults: { status: string, assertionResults: { status: string }[] }[] } | undefined} */ (
      readReport(file)
    );
  if (report === undefined) return { passed: 0, failed: 1 };
  const broken = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  );
  const count = { passed: report.numPassedTests, failed: report.numFailedTests + broken.length };
  return withCrash(count, exitCode);
}

/**
 * Playwright's report. A test that passed only when tried again has passed.
 *
 * @param {string} file
 * @param {number} exitCode
 * @returns {Count}
 */
export function countPlaywright(file, exitCode) {
  const report =
    /** @type {{ stats: { expected: number, flaky: number, unexpected: number } } | undefined} */ (
      readReport(file)
    );
  if (report === undefined) return { passed: 0, failed: 1 };
  const { expected, flaky, unexpected } = report.stats;
  return withCrash({ passed: expected + flaky, failed: unexpected }, exitCode);
}
