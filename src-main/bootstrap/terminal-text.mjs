/** Text of others for a terminal: names of files and threads, messages that quote them. */
import { ACTS, visibleText } from '../../src-shared/base/visible-text.mjs';

/**
 * One line for a terminal.
 *
 * @param {string} text
 * @returns {string}
 */
export const terminalText = (text) => visibleText(text);

/**
 * The same for a text of several lines that are the program's own.
 *
 * @param {string} text
 * @returns {string}
 */
export const terminalLines = (text) => text.split('\n').map(terminalText).join('\n');

/**
 * JSON as it is, with everything that a terminal acts upon as an escape of JSON: the same value.
 *
 * @param {string} json without controls outside of its strings but line feeds
 * @returns {string}
 */
export const terminalJson = (json) =>
  json.replace(ACTS, (mark) => (mark === '\n' ? mark : unicodeEscape(mark)));

/** @param {string} mark */
function unicodeEscape(mark) {
  return Array.from({ length: mark.length }, (_, at) => {
    return `\\u${mark.charCodeAt(at).toString(16).padStart(4, '0')}`;
  }).join('');
}
