import { readFileSync } from 'node:fs';

/** Commands that a document prints together, and how they are carried out. */
export interface Fence {
  readonly document: string;
  /** 1-based line of the document. */
  readonly line: number;
  /** As written, comments taken off, continued lines joined. */
  readonly commands: readonly string[];
  /** What the mark before it says; empty: they are run as they are. */
  readonly mark: string;
}

const MARK = /^<!-- commands: (.*) -->$/;

/** Every ```sh fence of a document. A mark stands alone on the line before it. @param text of the document */
export function fencesIn(document: string, text: string): Fence[] {
  const lines = text.split('\n');
  const fences: Fence[] = [];
  for (let at = 0; at < lines.length; at++) {
    if (lines[at] !== '```sh') continue;
    const end = lines.indexOf('```', at);
    const above = lines.slice(0, at).findLast((line) => line !== '') ?? '';
    fences.push({
      document,
      line: at + 1,
      commands: commandsOf(lines.slice(at + 1, end)),
      mark: MARK.exec(above)?.[1] ?? '',
    });
    at = end;
  }
  return fences;
}

export const fencesOf = (root: string, document: string): Fence[] =>
  fencesIn(document, readFileSync(`${root}/${document}`, 'utf8'));

function commandsOf(lines: readonly string[]): string[] {
  return lines
    .join('\n')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
    .filter((line) => line !== '');
}
