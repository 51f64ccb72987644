import { closeSync, rmSync } from 'node:fs';
import { basename } from 'node:path';

import type { UnitScore } from '../../../models/evaluation/figures.ts';
import { visibleJson } from '../../contract/visible-text.ts';
import { writeAllRaw } from '../output.ts';
import { createPrivate } from '../private-file.ts';
import { inputFailure, readJsonLines } from './input.ts';
import { isRun } from './labels.ts';

/** A labelled stretch of a test log as it was scored: a line of the file of scores. */
export interface ScoredStretch {
  readonly user: string;
  /** The test log's name. */
  readonly test: string;
  /** Its first and last line, 1-based lines of the test log. */
  readonly from: number;
  readonly to: number;
  /** Of its last action, Unix seconds; null without one. */
  readonly time: number | null;
  /** z of its most anomalous window; null where none was judged. */
  readonly score: number | null;
  /** z from which the user's windows alarm. */
  readonly ownLine: number;
  /** 1: another's, or an attack. */
  readonly label: 0 | 1;
}

/** Where `ubad evaluate` keeps what it scored. */
export interface ScoresFile {
  readonly add: (stretches: readonly ScoredStretch[]) => void;
  readonly close: () => void;
  /** Leaves no half a file. */
  readonly discard: () => void;
}

/** A new file that only its owner can read. @throws Failure where it cannot be made */
export function createScores(path: string): ScoresFile {
  const file = createPrivate(path);
  const close = (): void => {
    closeSync(file);
  };
  return {
    add: (stretches) => {
      writeAllRaw(file, stretches.map((stretch) => `${visibleJson(stretch)}\n`).join(''));
    },
    close,
    discard: () => {
      close();
      rmSync(path, { force: true });
    },
  };
}

/** A number that JSON can say: −∞ of a stretch in which nothing was judged is null. */
export const scoreOrNull = (score: number): number | null => (Number.isFinite(score) ? score : null);

/** What each test log's user is called where its lines are one user's: by its name, or its path where two have the same. */
export function namesOf(tests: readonly string[]): string[] {
  const names = tests.map((path) => basename(path).replace(/(\.test)?\.log(\.gz|\.zst)?$/, ''));
  return new Set(names).size === names.length ? names : [...tests];
}

/** A line of the file, its score −∞ where nothing was judged. */
type Score = Omit<ScoredStretch, 'score'> & UnitScore;

/** @throws Failure naming the line that is no score */
export function readScores(path: string): Score[] {
  const scores = readJsonLines(
    path,
    (object): Score | undefined => {
      const { user, test, from, to, time, score, ownLine, label } = object;
      if (typeof user !== 'string' || typeof test !== 'string' || !isRun([from, to])) return undefined;
      if (!isFiniteNumber(ownLine) || (score !== null && !isFiniteNumber(score))) return undefined;
      if ((time !== null && !isFiniteNumber(time)) || (label !== 0 && label !== 1)) return undefined;
      const judged = score ?? -Infinity;
      const place = { user, test, from: Number(from), to: Number(to), time };
      return { ...place, score: judged, ownLine, label, alarms: judged >= ownLine };
    },
    'is no score: write the file with ubad evaluate --scores',
  );
  if (scores.length === 0) throw inputFailure(path, 'there is no score in it');
  return scores;
}

const isFiniteNumber = (value: unknown): value is number => Number.isFinite(value);
