import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

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
const ELSEWHERE = /^not here; (\S+) does them$/;

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
  fencesIn(document, readFileSync(join(root, document), 'utf8'));

/** Every document of the project that is tracked. */
export const documentsOf = (root: string): string[] =>
  spawnSync('git', ['ls-files', '*.md'], { cwd: root, encoding: 'utf8' }).stdout.trim().split('\n');

/** The file that carries a fence out instead of the suite of the documents; undefined where that one does. */
export const elsewhere = ({ mark }: Fence): string | undefined => ELSEWHERE.exec(mark)?.[1];

/** What the documents leave to a test, in the order in which they print it. @param file of the test, as the marks name it */
export const fencesFor = (root: string, file: string): Fence[] =>
  documentsOf(root).flatMap((document) => fencesOf(root, document).filter((fence) => elsewhere(fence) === file));

/**
 * Which commands of a fence the file it points to does not run. It runs all that `fencesFor` gives where it asks for its own,
 * else those that stand in it.
 * @param text of that file
 */
export function leftOut({ commands }: Fence, file: string, text: string): string[] {
  if (text.includes(`fencesFor(root, '${file}')`)) return [];
  return commands.filter((command) => !text.split('\n').some((line) => line.trim().startsWith(command)));
}

function commandsOf(lines: readonly string[]): string[] {
  return lines
    .join('\n')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
    .filter((line) => line !== '');
}
