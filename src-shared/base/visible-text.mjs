/**
 * Text of others, as a person may be shown it: names in traces and of files, messages that quote them. JavaScript, because
 * what starts the program uses it on whatever Node is there.
 */

/**
 * What a terminal acts upon, or what changes what a person reads: controls (C0, DEL, C1), line and paragraph separators, the
 * marks that turn the direction of writing, what takes no room (byte order mark, tags); not the joiners that scripts and emoji need.
 */
export const ACTS =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;

/** @type {Record<string, string>} */
const SHORT = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * One line in which nothing moves the cursor, rings, colours, begins a line, turns the writing round or hides. What would is
 * shown as an escape. The same text again stays as it is.
 *
 * @param {string} text
 * @returns {string}
 */
export const visibleText = (text) => text.replace(ACTS, escapeOf);

/**
 * The same for a text whose lines and tabs mean something.
 *
 * @param {string} text
 * @returns {string}
 */
export const visibleLines = (text) =>
  text.replace(ACTS, (mark) => (mark === '\n' || mark === '\t' ? mark : escapeOf(mark)));

/** @param {string} mark */
function escapeOf(mark) {
  const code = /** @type {number} */ (mark.codePointAt(0));
  return (
    SHORT[mark] ?? (code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`)
  );
}
