/** Writes batches as the engine does, until it is killed. Run with a state folder. */
import { openStore } from '../../../src-main/engine/store/open.ts';

export const NUMBERED_LOG = '/numbered.log';

function writeUntilKilled(folder: string): void {
  const opened = openStore(folder, { now: 0 });
  if (!opened.ok) {
    console.log(opened.problem.kind);
    return;
  }
  const { store } = opened;
  const device = { path: NUMBERED_LOG, device: '1', inode: '2', fingerprint: '', fingerprintBytes: 0 };
  console.log('writing');
  for (let line = store.checkpoints.of(NUMBERED_LOG)?.checkpoint.line ?? 0; ;) {
    const count = 1 + (line % 97);
    store.transaction(() => {
      const subjectId = store.subjects.ensure('ann', 0);
      const ids = store.actions.append(
        Array.from({ length: count }, (_, at) => ({
          subjectId,
          action: { query: 'q', change: 'added', time: line + at, columns: { text: 'x'.repeat((line + at) % 300) } },
          host: 'desk',
          path: NUMBERED_LOG,
          line: line + at + 1,
        })),
      );
      for (const actionId of ids) {
        store.scores.add({
          actionId,
          score: 1,
          window: 1,
          lstm: 1,
          ocsvm: 1,
          incidentId: null,
          anomalous: false,
          versionId: null,
        });
      }
      store.checkpoints.put({ checkpoint: { ...device, offset: line + count, line: line + count }, readerState: null });
    });
    line += count;
  }
}

if (import.meta.main) writeUntilKilled(process.argv[2]!);
