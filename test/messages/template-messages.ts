/** The texts of a Vue component: what its template shows, and the strings of its script. */
import { parse } from 'vue/compiler-sfc';
import { codeMessages } from './code-messages.ts';
import { hasWords, oneLine, type Message } from './message.ts';

type Template = NonNullable<NonNullable<ReturnType<typeof parse>['descriptor']['template']>['ast']>;
type Child = Template['children'][number];
type Element = Extract<Child, { readonly tag: string }>;

type Property = Element['props'][number];
type KindOf<Node extends { readonly type: unknown }, Content extends object> = Extract<Node, Content>['type'];

/** Kinds of nodes and properties in Vue's syntax tree (NodeTypes of its compiler, which exports only their types). */
const ELEMENT: Element['type'] = 1;
const TEXT: KindOf<Child, { readonly content: string; readonly type: 2 }> = 2;
const INTERPOLATION: KindOf<Child, { readonly type: 5 }> = 5;
const ATTRIBUTE: KindOf<Property, { readonly value: unknown }> = 6;
const DIRECTIVE: KindOf<Property, { readonly exp: unknown }> = 7;

/** Elements that stand within a sentence. */
const INLINE: ReadonlySet<string> = new Set([
  'a',
  'b',
  'code',
  'em',
  'i',
  'kbd',
  'span',
  'strong',
  'sup',
  'template',
]);

/** Attributes and properties of components that are shown; others are switches, ids and styles. */
const SHOWN =
  /^(title|alt|placeholder|label|text|aside|hint|about|note|what|unit|legend|heading|message|empty|aria-(label|description|roledescription|valuetext))$/;

const isElement = (node: Child): node is Element => node.type === ELEMENT;

function hasOwnText(element: { readonly children: readonly Child[] }): boolean {
  return element.children.some(
    (child) => (child.type === TEXT && child.content.trim() !== '') || child.type === INTERPOLATION,
  );
}

/** The sentence of an element, with elements that are no part of the sentence as `<Tag>`. */
function sentence(children: readonly Child[]): string {
  return children
    .map((child) => {
      if (child.type === TEXT) return child.content;
      if (child.type === INTERPOLATION) return `{${oneLine(child.loc.source.slice(2, -2))}}`;
      if (!isElement(child)) return '';
      return INLINE.has(child.tag) ? sentence(child.children) : `<${child.tag}>`;
    })
    .join('');
}

export function templateMessages(file: string, source: string): Message[] {
  const { descriptor, errors } = parse(source, { filename: file });
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]!.message}`);
  const found: Message[] = [];
  const add = (line: number, role: string, text: string): void => {
    if (hasWords(text)) found.push({ file, line, role, text: oneLine(text) });
  };
  const ofExpression = (source: string, line: number, role: string): void => {
    // In parentheses, so that an object literal is one.
    found.push(
      ...codeMessages(`${file}.ts`, `(${source})`, line, role, true).map((message) => ({ ...message, file })),
    );
  };
  const visit = (node: Child, isPart: boolean): void => {
    if (node.type === INTERPOLATION) ofExpression(node.loc.source.slice(2, -2), node.loc.start.line, 'text');
    if (!isElement(node)) return;
    for (const property of node.props) {
      if (property.type === ATTRIBUTE && SHOWN.test(property.name) && property.value) {
        add(property.loc.start.line, property.name, property.value.content);
      }
      if (
        property.type === DIRECTIVE &&
        property.exp &&
        property.arg &&
        SHOWN.test(property.arg.loc.source)
      ) {
        ofExpression(property.exp.loc.source, property.exp.loc.start.line, property.arg.loc.source);
      }
    }
    const isSentence = !isPart && hasOwnText(node);
    if (isSentence) {
      const first = node.children.find((child) => child.loc.source.trim() !== '') ?? node;
      const skipped = /^\s*/.exec(first.loc.source)![0].split('\n').length - 1;
      add(first.loc.start.line + skipped, 'text', sentence(node.children));
    }
    for (const child of node.children) {
      visit(child, (isPart || isSentence) && isElement(child) && INLINE.has(child.tag));
    }
  };
  for (const child of descriptor.template?.ast?.children ?? []) visit(child, false);
  for (const block of [descriptor.script, descriptor.scriptSetup]) {
    if (block)
      found.push(
        ...codeMessages(`${file}.ts`, block.content, block.loc.start.line).map((message) => ({
          ...message,
          file,
        })),
      );
  }
  return found.sort((a, b) => a.line - b.line);
}
