/** CodeMirror set up for SQL: the code editor's look, completion from the trace's tables. */
import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { SQLite, sql, type SQLNamespace } from '@codemirror/lang-sql';
import { syntaxHighlighting } from '@codemirror/language';
import { Compartment, EditorState } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import type { SqlTable } from '#shared/api/contract.ts';
import { cspNonce } from '../code-editor/csp-nonce.ts';
import { codeColours, codeLook, replacesSelection } from '../code-editor/code-look.ts';

export interface SqlEditor {
  readonly view: EditorView;
  setTables(tables: readonly SqlTable[]): void;
  setText(text: string): void;
  destroy(): void;
}

/** An editor in `parent`. `onChange` gets the text after each change, `onRun` is called for Ctrl+Enter. */
export function createSqlEditor(
  parent: HTMLElement,
  text: string,
  { onChange, onRun }: { readonly onChange: (text: string) => void; readonly onRun: () => void },
): SqlEditor {
  const language = new Compartment();
  const dialect = (schema: SQLNamespace) => sql({ dialect: SQLite, schema, upperCaseKeywords: true });
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        EditorView.cspNonce.of(cspNonce()),
        lineNumbers(),
        history(),
        drawSelection(),
        highlightActiveLine(),
        closeBrackets(),
        autocompletion(),
        language.of(dialect({})),
        syntaxHighlighting(codeColours),
        codeLook,
        replacesSelection,
        EditorView.contentAttributes.of({ 'aria-label': 'SQL', tabindex: '0' }),
        keymap.of([
          { key: 'Mod-Enter', run: () => (onRun(), true) },
          ...closeBracketsKeymap,
          ...completionKeymap,
          ...defaultKeymap,
          ...historyKeymap,
        ]),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) onChange(update.state.doc.toString());
        }),
      ],
    }),
  });
  return {
    view,
    setTables: (tables) => view.dispatch({ effects: language.reconfigure(dialect(namespaceOf(tables))) }),
    setText: (now) =>
      view.dispatch({
        changes: { from: 0, to: view.state.doc.length, insert: now },
        selection: { anchor: 0 },
      }),
    destroy: () => view.destroy(),
  };
}

/** Tables with their columns, each with what it is. */
function namespaceOf(tables: readonly SqlTable[]): SQLNamespace {
  return Object.fromEntries(
    tables.map(({ name, kind, about, columns }) => [
      name,
      {
        self: { label: name, type: kind === 'view' ? 'interface' : 'class', info: about },
        children: columns.map((column) => ({ label: column.name, type: 'property', info: column.about })),
      },
    ]),
  );
}
