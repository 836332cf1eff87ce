/** Text of others for a terminal: names of files and threads, messages that quote them. */

/**
 * What a terminal acts upon, or what changes what a person reads: controls (C0, DEL, C1), line and paragraph separators, the
 * marks that turn the direction of writing, what takes no room (byte order mark, tags); not the joiners that scripts and emoji need.
 */
const ACTS =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;

/** @type {Record<string, string>} */
const SHORT = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * One line for a terminal: nothing in it moves the cursor, rings, colours, begins a line or turns the writing round. What
 * would is shown as an escape. The same text again stays as it is.
 *
 * @param {string} text
 * @returns {string}
 */
export const terminalText = (text) => text.replace(ACTS, escapeOf);

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
function escapeOf(mark) {
  const code = /** @type {number} */ (mark.codePointAt(0));
  return (
    SHORT[mark] ?? (code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`)
  );
}

/** @param {string} mark */
function unicodeEscape(mark) {
  return Array.from({ length: mark.length }, (_, at) => {
    return `\\u${mark.charCodeAt(at).toString(16).padStart(4, '0')}`;
  }).join('');
}
