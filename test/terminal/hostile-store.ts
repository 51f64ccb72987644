import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import type { Explanation } from '../../src-main/engine/explanation/explain.ts';
import { openStore } from '../../src-main/engine/store/open.ts';
import { checkpoint, line, NOW } from '../engine/store/store-at.ts';

/** Begins a line of its own wherever a new line gets through. */
const FORGED = 'FORGED';

/** Title of the terminal, direction, C1, zero width, line separators, tags, filler, half of a pair: in one text. */
export const HOSTILE = `x\u001b]0;own\u0007\u001b[2J\u009b31m\u202e\u2066\u200b\u00ad\u2028\u2029\u{e0041}\u3164\ufeff\n${FORGED}\r\t`;

/** What must not be in anything that is shown. New lines are the layout's. */
// eslint-disable-next-line no-control-regex -- that is what it is for
export const ACTS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u3164]/u;
export const FORGES = new RegExp(`^${FORGED}`, 'm');

/** A well-formed store of which every text is hostile. @returns the ids by which it is asked */
export function plantHostile(state: string): { readonly alert: number; readonly version: number } {
  const opened = openStore(state, { now: NOW });
  if (!opened.ok) throw new Error(opened.problem.message);
  const { store } = opened;
  const columns = { path: `/tmp/${HOSTILE}`, cmdline: HOSTILE, [HOSTILE]: HOSTILE };
  try {
    return store.transaction(() => {
      const subjectId = store.subjects.ensure(HOSTILE, NOW);
      const known = { ...line(subjectId, 1, { columns }), host: HOSTILE, path: `/${HOSTILE}` };
      const unknown = { ...line(subjectId, 2, { columns, query: HOSTILE }), host: HOSTILE, path: `/${HOSTILE}` };
      const [first, last] = store.actions.append([known, unknown]);
      const alert = store.incidents.open({
        subjectId,
        openedAt: NOW,
        firstAction: first!,
        lastAction: last!,
        firstTime: NOW,
        lastTime: NOW,
        peak: 4,
        band: HOSTILE,
        count: 1,
        explanation: hostileExplanation(last!),
      });
      store.scores.add({
        actionId: last!,
        score: 4,
        window: 4,
        lstm: 4,
        ocsvm: null,
        incidentId: alert,
        anomalous: true,
        versionId: null,
      });
      store.feedback.add({
        at: NOW,
        subjectId,
        incidentId: alert,
        verdict: 'normal',
        expires: null,
        scope: { action: { query: HOSTILE, values: { [HOSTILE]: HOSTILE } }, program: HOSTILE },
      });
      const folder = join(state, 'models', 'hostile');
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const manifest = { [HOSTILE]: HOSTILE, format: HOSTILE };
      const version = store.versions.add({
        subjectId,
        createdAt: NOW,
        algorithm: 'lstm',
        folder,
        manifest,
        afterAction: last!,
      });
      store.checkpoints.put({ checkpoint: checkpoint(9, `/${HOSTILE}`), readerState: null });
      store.refusals.add([{ at: NOW, path: `/${HOSTILE}`, line: 3, reason: HOSTILE, detail: HOSTILE }]);
      store.losses.add({ host: HOSTILE, query: HOSTILE, count: 7, at: NOW });
      return { alert, version };
    });
  } finally {
    store.close();
  }
}

function hostileExplanation(id: number): Explanation {
  const told = { text: HOSTILE, words: { label: HOSTILE, column: HOSTILE, value: HOSTILE, wider: HOSTILE } };
  const phrase = { id: 'head.rare.1', values: { user: HOSTILE, a: HOSTILE, [HOSTILE]: HOSTILE } };
  const row = {
    act: HOSTILE,
    phrase,
    chain: [HOSTILE, HOSTILE],
    first: NOW,
    last: NOW,
    count: 2,
    seen: 3,
    newFrom: HOSTILE,
    action: id,
  };
  return {
    story: {
      headline: phrase,
      act: HOSTILE,
      weight: 3,
      rows: [row],
      usual: [row],
      more: 1,
      acts: 2,
      tactics: [{ act: HOSTILE, rows: [0] }],
      hours: null,
      where: { id: 'where.session', values: { session: HOSTILE } },
      days: 3,
      since: id,
    },
    sentence: `${HOSTILE}: ${HOSTILE}`,
    factors: [{ ...told, share: 0.5, by: { [HOSTILE]: 0.5 } }],
    rest: 0.5,
    votes: [{ detector: HOSTILE, z: 3, share: 1 }],
    familiar: [{ ...told, share: 0.1 }],
    surprises: [{ ...told, action: id, probability: 0.1, expected: [{ ...told, probability: 0.9 }] }],
    nearest: [],
    actions: [{ id, time: NOW, query: HOSTILE, columns: { path: HOSTILE }, score: 3 }],
    chance: 0.1,
    rank: { share: 0.9, of: 'training' },
  } as unknown as Explanation;
}
