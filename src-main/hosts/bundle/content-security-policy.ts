/**
 * What the window may load and run: its own files, nothing else, and no code from strings.
 *
 * There is neither unsafe-inline nor unsafe-eval. Style properties that scripts set need nothing; style sheets
 * that scripts add need the nonce of the response (CodeMirror: EditorView.cspNonce); style attributes in markup
 * are refused, so templates have none (Vue makes markup of static parts) and ECharts draws its tooltips
 * (tooltip.renderMode: 'richText') instead of writing HTML.
 */

/** Stands in the built HTML where the nonce of a response belongs; electron.vite.config.ts puts it there. */
export const NONCE_PLACEHOLDER = 'NONCE_OF_THIS_RESPONSE';

export interface PolicyOptions {
  /** Fresh for each response. */
  readonly nonce: string;
  /** Origins that scripts may connect to, besides the page's own. */
  readonly connectTo: readonly string[];
}

/** The value of the Content-Security-Policy header. */
export function contentSecurityPolicy({ nonce, connectTo }: PolicyOptions): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "worker-src 'self'",
    `connect-src ${["'self'", ...connectTo].join(' ')}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
