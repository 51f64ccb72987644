import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parse } from 'svelte/compiler';
import { describe, expect, it } from 'vitest';

const folder = join(import.meta.dirname, '..', '..', 'src-renderer');

/** Attributes and properties that a person reads or hears. */
const READ =
  /^(?:title|alt|placeholder|label|lead|why|aria-(?:label|description|roledescription|valuetext|placeholder))$/;
/** Its own name is the same in every language. */
const NAMES = new Set(['ubad']);

type Node = Readonly<Record<string, unknown>>;
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;
const isText = (text: string): boolean => (text.match(/\p{L}{2,}/gu) ?? []).some((word) => !NAMES.has(word));

/** What an expression shows where it is a text that stands there: «x ? 'Yes' : 'No'», not what a call is given. */
function literalsOf(node: unknown): string[] {
  if (!isNode(node)) return [];
  if (node.type === 'Literal') return typeof node.value === 'string' ? [node.value] : [];
  if (node.type === 'TemplateLiteral')
    return (node.quasis as readonly { value: { cooked: string } }[]).map(({ value }) => value.cooked);
  const branches = { ConditionalExpression: ['consequent', 'alternate'], LogicalExpression: ['left', 'right'] };
  const parts = branches[node.type as keyof typeof branches] as readonly string[] | undefined;
  return (parts ?? []).flatMap((part) => literalsOf(node[part]));
}

/** Texts of a component that a person reads and that come from no table of texts. */
function ownWordsOf(source: string): string[] {
  const found: string[] = [];
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(walk);
    if (!isNode(value) || Array.isArray(value)) return;
    if (value.type === 'Text') found.push(value.data as string);
    if (value.type === 'ExpressionTag') found.push(...literalsOf(value.expression));
    if (value.type === 'StyleDirective' || (value.type === 'Attribute' && !READ.test(value.name as string))) return;
    Object.values(value).forEach(walk);
  };
  walk(parse(source, { modern: true }).fragment);
  return found.map((text) => text.trim()).filter(isText);
}

describe('what a component says', () => {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.svelte'));

  it.each(files)('%s: comes from src-renderer/text/, in every language: put it there and write {t(…)}', (file) => {
    expect(ownWordsOf(readFileSync(join(folder, file), 'utf8'))).toEqual([]);
  });

  it.each([
    ['<p>Hello there</p>', 'Hello there'],
    ['<Page title="Weather">{t("weather.lead")}</Page>', 'Weather'],
    ['<button aria-label="Close" class="small"></button>', 'Close'],
    ["<p>{sunny ? 'Sun' : t('rain')}</p>", 'Sun'],
    ['{#if sunny}{`It is ${n} degrees`}{/if}', 'It is'],
  ])('is noticed: %s', (source, text) => {
    expect(ownWordsOf(source)).toContain(text);
  });

  it('may be a name, a class, a width, and what is handed to t()', () => {
    const source = `<script>let x = 'Some words';</script><p class="card stack" style:width="3rem">ubad {t('nav.help')}</p>`;
    expect(ownWordsOf(source)).toEqual([]);
  });
});
