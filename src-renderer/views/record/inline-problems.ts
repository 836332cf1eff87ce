/** Problems of a scenario below their lines, in words. */
import { RangeSetBuilder, StateEffect, StateField, type Extension, type Text } from '@codemirror/state';
import { Decoration, EditorView, WidgetType, type DecorationSet } from '@codemirror/view';
import type { Problem } from '#shared/base/errors.ts';

/** Replaces the problems that are shown. */
export const setProblems = StateEffect.define<readonly Problem[]>();

class ProblemLine extends WidgetType {
  private readonly message: string;

  constructor(message: string) {
    super();
    this.message = message;
  }

  override eq(other: ProblemLine): boolean {
    return other.message === this.message;
  }

  override toDOM(): HTMLElement {
    const line = document.createElement('div');
    line.className = 'cm-problem';
    line.textContent = this.message;
    return line;
  }
}

function decorate(problems: readonly Problem[], text: Text): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  const byLine = [...problems].sort((a, b) => a.line - b.line);
  for (const { line, message } of byLine) {
    const at = text.line(Math.min(Math.max(1, line), text.lines)).to;
    builder.add(at, at, Decoration.widget({ widget: new ProblemLine(message), block: true, side: 1 }));
  }
  return builder.finish();
}

const shown = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(decorations, transaction) {
    for (const effect of transaction.effects) {
      if (effect.is(setProblems)) return decorate(effect.value, transaction.state.doc);
    }
    return decorations.map(transaction.changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});

const look = EditorView.baseTheme({
  '.cm-problem': {
    margin: '1px 8px 3px 4px',
    padding: '2px 8px',
    fontFamily: 'var(--font)',
    fontSize: '11px',
    color: 'var(--text-1)',
    backgroundColor: 'var(--bad-soft)',
    borderLeft: '2px solid var(--bad)',
    whiteSpace: 'normal',
  },
});

export const inlineProblems: Extension = [shown, look];
