import { whatIsAt } from './files.ts';
import type { Access, Step } from './plan.ts';
import { setupText } from './setup-words.ts';

const CONTEXT = 3;

/** What a step changes, for people, as lines: a file as a unified diff. */
export function describeStep(step: Step): string[] {
  if (step.do === 'folder') return [setupText('setup.folder', { path: step.path })];
  if (step.do === 'access') return [whoReads(step)];
  const before = step.do === 'create' ? '' : step.before;
  const from = step.do === 'create' ? '/dev/null' : step.path;
  return [`--- ${from}`, `+++ ${step.path}`, ...hunk(linesOf(before), linesOf(step.content))];
}

/** An access list of a folder knows no names: what it hands on, it hands on to all files that come. */
const whoReads = ({ user, path }: Access): string =>
  setupText(whatIsAt(path)?.isDirectory() ? 'setup.reads.folder' : 'setup.reads', { user, path });

const linesOf = (text: string): readonly string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));

/** One hunk from the first line that differs to the last. */
function hunk(before: readonly string[], after: readonly string[]): string[] {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < shorter - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  const start = Math.max(0, head - CONTEXT);
  const [endBefore, endAfter] = [before.length - tail, after.length - tail];
  const trailing = before.slice(endBefore, endBefore + CONTEXT);
  const range = (lines: readonly string[], end: number): string => {
    const count = end - start + trailing.length;
    return `${lines.length === 0 ? 0 : start + 1},${count}`;
  };
  return [
    `@@ -${range(before, endBefore)} +${range(after, endAfter)} @@`,
    ...before.slice(start, head).map((line) => ` ${line}`),
    ...before.slice(head, endBefore).map((line) => `-${line}`),
    ...after.slice(head, endAfter).map((line) => `+${line}`),
    ...trailing.map((line) => ` ${line}`),
  ];
}
