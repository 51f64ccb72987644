import type { Errors } from '../../contract/models.ts';
import { thresholdsOf } from '../../engine/judge.ts';
import { manifestOf } from '../../engine/models/manifest.ts';
import type { View } from './view.ts';

const HOUR = 3600;
const HOURS = 7 * 24;

/** Of who was not seen lately, the last week that there is. */
export function errorsOf({ store, options, subjectOf }: View, user: string): Errors {
  const { id, lastSeen } = subjectOf(user);
  const to = (Math.floor(Math.min(options.now(), lastSeen) / HOUR) + 1) * HOUR;
  const from = to - HOURS * HOUR;
  const manifest = manifestOf(store.versions.active(id, options.algorithm));
  return {
    from,
    to,
    bucketSeconds: HOUR,
    alarm: manifest ? thresholdsOf(manifest.normal, options.sensitivity).alarm : null,
    hours: store.summaries
      .votePeaks(id, from, to, { start: from, width: HOUR })
      .map(({ bucket, judged, peak, lstm, ocsvm, incident }) => ({
        bucket,
        judged,
        all: peak,
        lstm,
        ocsvm,
        alert: incident,
      })),
  };
}
