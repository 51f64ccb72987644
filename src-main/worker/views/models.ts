import { alertsPerDayAt } from '../../../models/profile/normal.ts';
import type { ModelCalibration, ModelReport, ModelState, ModelVersion } from '../../contract/models.ts';
import { timeOf } from '../../engine/model-lifecycle/drift-check.ts';
import { alertsWith } from '../../engine/history.ts';
import { thresholdsOf } from '../../engine/judge.ts';
import { manifestOf, type Manifest } from '../../engine/models/manifest.ts';
import type { Subject } from '../../engine/store/subjects.ts';
import { versionsOf } from './versions.ts';
import { missingOf, type View } from './view.ts';

const DAY = 86_400;
const CALIBRATION_DAYS = 30;
const PACE_DAYS = 7;

/** One report a user, by name. */
export function modelsOf(view: View): ModelReport[] {
  return view.store.subjects.list().map((subject) => reportOf(view, subject));
}

function reportOf(view: View, subject: Subject): ModelReport {
  const { store, options } = view;
  const { id, name, stored } = subject;
  const all = store.versions.list(id).reverse();
  const versions = versionsOf(view, subject);
  const active = all.find((version) => version.active && version.algorithm === options.algorithm);
  const manifest = manifestOf(active);
  const incidents = store.incidents.verdicts(id);
  const answered = incidents.normal + incidents.suspicious;
  return {
    user: name,
    algorithm: options.algorithm,
    actions: stored,
    versions,
    state: stateOf(view, subject, versions),
    calibration: manifest ? calibrationOf(view, subject, manifest) : null,
    drift: Object.fromEntries(
      Object.entries(manifest?.drift ?? {}).map(([detector, { mean, deviation }]) => [
        detector,
        { shift: mean, spread: deviation },
      ]),
    ),
    slowChange: slowChangeOf(view, id),
    feedback: { ...incidents, rate: answered === 0 ? null : incidents.normal / answered },
    diskBytes: versions.reduce((sum, { diskBytes }) => sum + diskBytes, 0),
  };
}

function slowChangeOf({ store }: View, id: number): ModelReport['slowChange'] {
  const reference = store.subjectState.reference(id);
  const version = reference?.asked ? store.versions.byId(reference.version) : undefined;
  return version ? { since: timeOf(store, version), share: reference!.share ?? 0 } : null;
}

function stateOf(view: View, subject: Subject, versions: readonly ModelVersion[]): ModelState {
  const { store, engine, options, training } = view;
  const { id, name, firstSeen, lastSeen } = subject;
  const trained = training.get(name);
  if (trained) {
    const { progress, since } = trained;
    const left = progress > 0 ? ((options.now() - since) * (1 - progress)) / progress : null;
    return { state: 'training', progress, secondsLeft: left };
  }
  const own = versions.filter(({ algorithm }) => algorithm === options.algorithm);
  const active = own.find((version) => version.active);
  const { trainAt, canaryUntil } = engine.plan(id);
  if (active && own.some(({ problem }) => problem === null)) {
    const until = Number.isFinite(canaryUntil) ? canaryUntil : null;
    return { state: 'ready', version: active.version, retrainAt: trainAt, canaryUntil: until };
  }
  if (active) return { state: 'unusable', reason: active.problem! };
  const needed = options.trainAfter;
  const missing = missingOf(view, subject);
  const seen = Math.max(0, needed - missing);
  if (missing === 0) return { state: 'waiting', reason: 'turn', seen: needed, needed };
  const from = Math.max(firstSeen, lastSeen - PACE_DAYS * DAY);
  const days = Math.max((lastSeen - from) / DAY, 1 / 24);
  const actionsPerDay = store.summaries.count(id, from, Infinity) / days;
  const secondsLeft = actionsPerDay > 0 ? (missing / actionsPerDay) * DAY : null;
  return { state: 'waiting', reason: 'too-few-actions', seen, needed, actionsPerDay, secondsLeft };
}

function calibrationOf(view: View, { id, firstSeen, lastSeen }: Subject, { normal }: Manifest): ModelCalibration {
  const { store, options } = view;
  const thresholds = thresholdsOf(normal, options.sensitivity);
  const since = Math.max(firstSeen, lastSeen - CALIBRATION_DAYS * DAY);
  return {
    line: thresholds.alarm,
    budgetPerDay: options.sensitivity.alertsPerDay,
    promisedPerDay: alertsPerDayAt(normal, thresholds.alarm),
    days: (lastSeen - since) / DAY,
    wouldHave: view.remembered(`${id} ${thresholds.alarm} ${Math.floor(lastSeen / 3600)}`, () =>
      alertsWith(store, id, thresholds, since),
    ),
    came: store.incidents.countSince(id, since),
  };
}
