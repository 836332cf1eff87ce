/**
 * The texts in code. TypeScript cannot say which strings a person will read, so a string counts as a text by how it
 * reads: two words or more, or one in a place for texts (`title: 'Threads'`). SQL, style and what is compared or
 * imported is left out. Better a string too many in the list than one that nobody proof-reads.
 */
import ts from 'typescript';
import { hasWords, oneLine, withoutValues, type Message } from './message.ts';

/** Properties whose value is a text even where it is a single word. */
const TEXT_PROPERTIES: ReadonlySet<string> = new Set([
  'title',
  'label',
  'text',
  'about',
  'summary',
  'description',
  'aside',
  'placeholder',
  'help',
  'hint',
  'name',
  'legend',
  'aria-label',
  'ariaLabel',
  'linuxTitle',
  'unit',
  'message',
  'note',
]);

const LANGUAGES_OF_MACHINES = [
  // SQL, by how a statement or clause begins.
  /^\(?\s*(SELECT|WITH|INSERT|UPDATE|DELETE|CREATE|DROP|ALTER|PRAGMA|ATTACH|DETACH|BEGIN|COMMIT|ROLLBACK|WHERE|AND|OR|FROM|(LEFT |CROSS )?JOIN|ORDER BY|GROUP BY|UNION|VALUES|VACUUM|ANALYZE|REINDEX|EXPLAIN|CASE|ON|LIMIT|SAVEPOINT|RELEASE)\b(?! (a|an|the|of)\b)/,
  // Style: fonts, colours, transforms, grids, selectors, media queries.
  /^(\{\})?[^A-Za-z]*(\d*(px|fr) |var\(--|rgba?\(|translate|scale\(|repeat\(|minmax\()|:not\(|\[\w+=|^\(prefers-|: var\(--|^underline /,
  // Ids of commands and permissions of content: replay.faster, default-src 'self'.
  /^[a-z]+[.][a-zA-Z]+$|^[a-z]+-src |^[a-z-]+$(?<=-[a-z-]*)/,
];

/** A string literal, template or sum of them as it reads; null where a part is no string. */
function textOf(node: ts.Expression): string | null {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isTemplateExpression(node)) {
    return (
      node.head.text +
      node.templateSpans
        .map(({ expression, literal }) => `{${oneLine(expression.getText())}}${literal.text}`)
        .join('')
    );
  }
  if (ts.isParenthesizedExpression(node)) return textOf(node.expression);
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    const [left, right] = [textOf(node.left), textOf(node.right)];
    if (left === null && right === null) return null;
    return (left ?? `{${oneLine(node.left.getText())}}`) + (right ?? `{${oneLine(node.right.getText())}}`);
  }
  return null;
}

/** Whether a string in this place is for the program itself. */
function isForTheProgram(node: ts.Node): boolean {
  const { parent } = node;
  switch (parent.kind) {
    case ts.SyntaxKind.ImportDeclaration:
    case ts.SyntaxKind.ExportDeclaration:
    case ts.SyntaxKind.ExternalModuleReference:
    case ts.SyntaxKind.LiteralType:
    case ts.SyntaxKind.CaseClause:
    case ts.SyntaxKind.ElementAccessExpression:
    case ts.SyntaxKind.TaggedTemplateExpression:
    case ts.SyntaxKind.ExpressionStatement:
      return true;
    case ts.SyntaxKind.PropertyAssignment:
      return (parent as ts.PropertyAssignment).name === node;
    case ts.SyntaxKind.BinaryExpression: {
      const { kind } = (parent as ts.BinaryExpression).operatorToken;
      return kind >= ts.SyntaxKind.LessThanToken && kind <= ts.SyntaxKind.ExclamationEqualsEqualsToken;
    }
    case ts.SyntaxKind.CallExpression: {
      const called = (parent as ts.CallExpression).expression.getText();
      return /(^|\.)(prepare|exec|pragma|import|require|startsWith|endsWith|includes|split|indexOf|getContext|querySelector|addEventListener|assert)$/.test(
        called,
      );
    }
    default:
      return false;
  }
}

function propertyOf(node: ts.Node): string {
  const { parent } = node;
  if (
    ts.isConditionalExpression(parent) ||
    ts.isParenthesizedExpression(parent) ||
    ts.isArrowFunction(parent)
  )
    return propertyOf(parent);
  return ts.isPropertyAssignment(parent) && parent.initializer === node
    ? parent.name.getText().replace(/^'|'$/g, '')
    : '';
}

function isText(text: string, property: string): boolean {
  const words = withoutValues(text);
  if (!hasWords(text) || LANGUAGES_OF_MACHINES.some((pattern) => pattern.test(words))) return false;
  if (TEXT_PROPERTIES.has(property)) return true;
  if (property === 'class' || property === 'font') return false;
  return /[A-Za-z]{2,}[,;:.!?)]* [({]?[A-Za-z{]|[{}][,;:]? [A-Za-z]{2,}|^[A-Z][a-z]+$/.test(words);
}

/**
 * Texts among the strings of a source.
 * @param firstLine of the source in its file, from 1: a script of a component begins further down
 * @param role of the messages
 * @param isLoose whether single words count, as they do between tags of a template
 */
export function codeMessages(
  file: string,
  source: string,
  firstLine = 1,
  role = 'string',
  isLoose = false,
): Message[] {
  const kind = /\.[cm]?js$/.test(file) ? ts.ScriptKind.JS : ts.ScriptKind.TS;
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true, kind);
  const found: Message[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node) || ts.isBinaryExpression(node)) {
      const text = textOf(node);
      if (text !== null) {
        if (isForTheProgram(node)) return;
        const isShown = isLoose
          ? hasWords(text) && !/^[a-z]+[.][a-zA-Z]+$/.test(text)
          : isText(text, propertyOf(node));
        const line = tree.getLineAndCharacterOfPosition(node.getStart()).line + firstLine;
        if (isShown) found.push({ file, line, role, text: oneLine(text) });
      }
      // Texts within the values of a text are texts of their own.
      if (text !== null && !ts.isTemplateExpression(node) && !ts.isBinaryExpression(node)) return;
      if (text !== null) return visitValues(node);
    }
    ts.forEachChild(node, visit);
  };
  const visitValues = (node: ts.Node): void => {
    if (ts.isTemplateExpression(node)) for (const span of node.templateSpans) visit(span.expression);
    else if (ts.isBinaryExpression(node)) for (const side of [node.left, node.right]) visitValues(side);
    else if (!ts.isStringLiteralLike(node)) visit(node);
  };
  visit(tree);
  return found;
}
