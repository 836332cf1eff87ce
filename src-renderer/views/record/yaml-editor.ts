/** CodeMirror set up for scenario files: YAML colours from the theme's tokens, problems at their lines. */
import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
  type CompletionContext,
  type CompletionResult,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { indentOnInput, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { lintGutter, setDiagnostics, type Diagnostic } from '@codemirror/lint';
import { EditorState, type Extension } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import type { Problem } from '#shared/base/errors.ts';
import scenarioSchema from '../../../traces/scenarios/scenario.schema.json';
import { cspNonce } from '../code-editor/csp-nonce.ts';
import { codeColours, codeLook, replacesSelection } from '../code-editor/code-look.ts';
import { inlineProblems, setProblems } from './inline-problems.ts';
import { optionsAt, type Option, type Schema } from './scenario-completion.ts';

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
    autocompletion({ override: [completeScenario] }),
    inlineProblems,
    yaml(),
    syntaxHighlighting(codeColours),
    codeLook,
    replacesSelection,
    EditorView.contentAttributes.of({ 'aria-label': 'Scenario, YAML', tabindex: '0' }),
    // Tab is not taken: it leaves the editor, as it leaves every other control of the dialog.
    keymap.of([...closeBracketsKeymap, ...completionKeymap, ...defaultKeymap, ...historyKeymap]),
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
        { effects: setProblems.of(problems) },
      ),
    destroy: () => view.destroy(),
  };
}

const ICON: Readonly<Record<Option['what'], string>> = { key: 'property', value: 'enum', name: 'variable' };

function completeScenario(context: CompletionContext): CompletionResult | null {
  const found = optionsAt(context.state.doc.toString(), context.pos, scenarioSchema as unknown as Schema);
  if (found === null) return null;
  // Where nothing is typed yet, the list opens on request only.
  if (!context.explicit && found.from === context.pos) return null;
  return {
    from: found.from,
    options: found.options.map(({ label, what, about }) => ({
      label,
      type: ICON[what],
      ...(about === '' ? {} : { info: about }),
      ...(what === 'key' ? { apply: `${label}: ` } : {}),
    })),
    validFor: /^[\w-]*$/,
  };
}

/** From the problem's column to the end of the word there. */
function toDiagnostic(state: EditorState, problem: Problem): Diagnostic {
  const line = state.doc.line(Math.min(Math.max(1, problem.line), state.doc.lines));
  const from = Math.min(line.to, line.from + Math.max(0, problem.column - 1));
  const word = /^[^\s,:#[\]{}]+/.exec(state.doc.sliceString(from, line.to))?.[0] ?? '';
  return { from, to: from + word.length, severity: 'error', message: problem.message };
}
