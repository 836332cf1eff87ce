/** CodeMirror set up for scenario files: YAML colours from the theme's tokens, problems at their lines. */
import { closeBrackets, closeBracketsKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { lintGutter, setDiagnostics, type Diagnostic } from '@codemirror/lint';
import { EditorState, type Extension } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import type { Problem } from '#shared/base/errors.ts';
import { cspNonce } from '../../csp-nonce.ts';

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--code-k)' },
  { tag: [tags.string, tags.content], color: 'var(--code-s)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--code-n)' },
  { tag: [tags.comment, tags.lineComment], color: 'var(--text-3)' },
  { tag: [tags.punctuation, tags.separator], color: 'var(--text-2)' },
]);

const look = EditorView.theme({
  '&': { height: '100%', fontSize: '12px', color: 'var(--text-1)', backgroundColor: 'var(--bg-lane)' },
  // The wrapper shows the focus: its edge is not covered by the gutter.
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '20px' },
  '.cm-gutters': { color: 'var(--text-3)', backgroundColor: 'var(--bg-lane)', border: 'none' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--bg-hover)' },
  '.cm-cursor': { borderLeftColor: 'var(--accent)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'var(--accent-line)',
  },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--bad)',
    textUnderlineOffset: '4px',
  },
  '.cm-tooltip': {
    color: 'var(--text-1)',
    backgroundColor: 'var(--bg-2)',
    border: '1px solid var(--line-2)',
    borderRadius: 'var(--r-2)',
  },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--bad)' },
});

export interface YamlEditor {
  readonly view: EditorView;
  setText(text: string): void;
  /** Marks problems at their lines; those of the text before are gone. */
  showProblems(problems: readonly Problem[]): void;
  destroy(): void;
}

/** An editor in `parent`. `onChange` gets the text after each change, also those by `setText`. */
export function createYamlEditor(parent: HTMLElement, onChange: (text: string) => void): YamlEditor {
  const extensions: Extension[] = [
    EditorView.cspNonce.of(cspNonce()),
    lineNumbers(),
    lintGutter(),
    history(),
    drawSelection(),
    highlightActiveLine(),
    indentOnInput(),
    indentUnit.of('  '),
    closeBrackets(),
    yaml(),
    syntaxHighlighting(colours),
    look,
    EditorView.contentAttributes.of({ 'aria-label': 'Scenario, YAML' }),
    // Tab is not taken: it leaves the editor, as it leaves every other control of the dialog.
    keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap]),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) onChange(update.state.doc.toString());
    }),
  ];
  const view = new EditorView({ parent, state: EditorState.create({ doc: '', extensions }) });
  return {
    view,
    setText: (text) =>
      view.dispatch({
        changes: { from: 0, to: view.state.doc.length, insert: text },
        selection: { anchor: 0 },
      }),
    showProblems: (problems) =>
      view.dispatch(
        setDiagnostics(
          view.state,
          problems.map((problem) => toDiagnostic(view.state, problem)),
        ),
      ),
    destroy: () => view.destroy(),
  };
}

/** From the problem's column to the end of the word there. */
function toDiagnostic(state: EditorState, problem: Problem): Diagnostic {
  const line = state.doc.line(Math.min(Math.max(1, problem.line), state.doc.lines));
  const from = Math.min(line.to, line.from + Math.max(0, problem.column - 1));
  const word = /^[^\s,:#[\]{}]+/.exec(state.doc.sliceString(from, line.to))?.[0] ?? '';
  return { from, to: from + word.length, severity: 'error', message: problem.message };
}
