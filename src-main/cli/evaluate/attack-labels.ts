import type { LabelledAttack } from './attacks.ts';
import { inputFailure, readJsonLines } from './input.ts';
import { isRun, type Run } from './labels.ts';

/** What labels of attacks count: the lines of the test log alone, or of the training log and the test log together. */
export const labelled = ['both', 'test'] as const;
export type Labelled = (typeof labelled)[number];

/** A label, and its 1-based line of the file of labels. */
export interface PlacedLabel extends LabelledAttack {
  readonly at: number;
}

/** How many lines the two logs have. */
export interface LogLengths {
  readonly before: number;
  readonly test: number;
}

const NEEDS: Readonly<Record<Labelled, string>> = {
  both:
    'is no label: it needs id, user, and lines ([[first, last], …]) or from_line and to_line; ' +
    'where only file_lines are told, say --labels-of test',
  test: 'is no label: it needs id, user, and file_lines ([[first, last], …]), lines, or from_line and to_line',
};

/** Labels of attacks, one JSON object a line. @throws Failure naming the line that is none, or where there are none */
export function readAttackLabels(path: string, of: Labelled): PlacedLabel[] {
  const take = (object: Record<string, unknown>, at: number): PlacedLabel | undefined => {
    const label = labelFrom(object, of);
    return label && { ...label, at };
  };
  const labels = readJsonLines(path, take, NEEDS[of]);
  if (labels.length === 0) throw inputFailure(path, 'there is no label in it');
  return labels;
}

function labelFrom(object: Record<string, unknown>, of: Labelled): LabelledAttack | undefined {
  const { id, user, name, mitre, technique, strength, family, entry, inHours, host } = object;
  const lines = runsOf(object, of);
  if (typeof id !== 'string' || typeof user !== 'string' || !lines) return undefined;
  return {
    id,
    user,
    lines,
    name: text(name) ?? id,
    mitre: text(mitre) ?? text(technique) ?? '',
    strength: text(strength) ?? '',
    ...(typeof family === 'string' && { family }),
    ...(typeof entry === 'string' && { entry }),
    ...(typeof inHours === 'boolean' && { inHours }),
    ...(typeof host === 'string' && { host }),
  };
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

function runsOf(object: Record<string, unknown>, of: Labelled): Run[] | undefined {
  const { file_lines: ofFile, lines, from_line: first, to_line: last } = object;
  const told = (of === 'test' ? ofFile : undefined) ?? lines ?? [[first, last]];
  return Array.isArray(told) && told.length > 0 && told.every(isRun) ? told : undefined;
}

/**
 * The labels with lines as both logs together count them, those that lie in the training log left out.
 * @throws Failure naming the first that lies beyond the end
 */
export function placeLabels(
  path: string,
  labels: readonly PlacedLabel[],
  of: Labelled,
  { before, test }: LogLengths,
): PlacedLabel[] {
  const shift = of === 'test' ? before : 0;
  const placed = labels.map((label) => ({
    ...label,
    lines: label.lines.map(([first, last]): Run => [first + shift, last + shift]),
  }));
  const beyond = placed.find(({ lines }) => lines.some(([, last]) => last > before + test));
  if (beyond) {
    const logs = of === 'test' ? `the test log has ${test}` : `both logs together have ${before + test}`;
    const last = Math.max(...beyond.lines.map((run) => run[1])) - shift;
    throw inputFailure(path, `line ${beyond.at} ends at line ${last}, and ${logs}; see --labels-of`);
  }
  return placed.filter(({ lines }) => lines.some(([, last]) => last > before));
}
