import type { Label } from '../simulate/simulate.ts';

/** Reads what `ubad simulate --labels` wrote. @throws SyntaxError naming the line that is none */
export function parseLabels(text: string): Label[] {
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line, l) => {
    let label: unknown;
    try {
      label = JSON.parse(line);
    } catch {
      throw new SyntaxError(`line ${l + 1} is not JSON`);
    }
    if (!isLabel(label)) throw new SyntaxError(`line ${l + 1} is no label: it needs id, user, host and lines`);
    return label;
  });
}

function isLabel(value: unknown): value is Label {
  if (typeof value !== 'object' || value === null) return false;
  const { id, user, host, lines } = value as Partial<Record<keyof Label, unknown>>;
  if (typeof id !== 'string' || typeof user !== 'string' || typeof host !== 'string') return false;
  return (
    Array.isArray(lines) && lines.every((run) => Array.isArray(run) && run.length === 2 && run.every(Number.isInteger))
  );
}
