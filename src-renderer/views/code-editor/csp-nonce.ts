/**
 * The nonce with which the window's content security policy lets scripts add style sheets; for libraries
 * that do (CodeMirror: `EditorView.cspNonce.of(cspNonce())`). Empty where the page has none (tests).
 */
export function cspNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
}
