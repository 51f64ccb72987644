import type { Band } from '../contract/alerts.ts';
import { briefText } from '../contract/story/tell.ts';
import { visible } from '../contract/visible-text.ts';
import { PRODUCT, type ExportEvent } from './event.ts';

/** The version of the Open Cybersecurity Schema Framework whose attributes these are. */
export const OCSF_VERSION = '1.4.0';

const FINDINGS = 2;
const DETECTION_FINDING = 2004;
const CREATE = 1;
const UPDATE = 2;
const CLOSE = 3;
const NEW = 1;
const RESOLVED = 4;
/** Low 2, medium 3, high 4, critical 5. */
const severities: Readonly<Record<Band, number>> = { low: 2, medium: 3, high: 4, critical: 5 };
/** Of `analytic`: learned behaviour. */
const LEARNING = 4;
const UNKNOWN_DEVICE = 0;

/**
 * An event as an OCSF Detection Finding (https://schema.ocsf.io/1.4.0/classes/detection_finding). A finding is closed once a person has
 * answered it: that the acts are over closes nothing.
 */
export function ocsfOf(event: ExportEvent, version: string): object {
  const { id, alert, change, at, severity, firstTime, lastTime, act, verdict, band, count } = event;
  const [user, host] = [visible(event.user), visible(event.host)];
  const title = briefText(act, 'en');
  const activity = change === 'opened' ? CREATE : change === 'answered' && verdict !== null ? CLOSE : UPDATE;
  return {
    activity_id: activity,
    category_uid: FINDINGS,
    class_uid: DETECTION_FINDING,
    type_uid: DETECTION_FINDING * 100 + activity,
    time: Math.round(at * 1000),
    severity_id: severities[band],
    status_id: verdict === null ? NEW : RESOLVED,
    is_alert: true,
    message: `${title} (${user})`,
    start_time: Math.round(firstTime * 1000),
    end_time: Math.round(lastTime * 1000),
    count,
    ...(severity !== null && { risk_score: Math.round(severity) }),
    finding_info: {
      uid: alert,
      title,
      types: [act],
      first_seen_time: Math.round(firstTime * 1000),
      last_seen_time: Math.round(lastTime * 1000),
      analytic: { name: 'user behaviour', type_id: LEARNING },
    },
    metadata: { version: OCSF_VERSION, uid: id, product: { name: PRODUCT, vendor_name: PRODUCT, version } },
    resources: [
      { type: 'user', name: user },
      { type: 'host', name: host },
    ],
    evidences: [{ actor: { user: { name: user } }, device: { hostname: host, type_id: UNKNOWN_DEVICE } }],
    unmapped: { verdict: verdict ?? 'none' },
  };
}
