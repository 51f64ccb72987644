import { briefText } from '../contract/story/tell.ts';
import { visible } from '../contract/visible-text.ts';
import { isoOf, PRODUCT, type ExportEvent } from './event.ts';

/** The version of the Elastic Common Schema whose fields these are. */
export const ECS_VERSION = '8.17.0';

/** An event as a document of the Elastic Common Schema (https://www.elastic.co/guide/en/ecs/8.17/ecs-field-reference.html). */
export function ecsOf(event: ExportEvent): object {
  const { id, alert, change, at, severity, firstTime, lastTime, act, verdict, band, count } = event;
  const [user, host] = [visible(event.user), visible(event.host)];
  return {
    '@timestamp': isoOf(at),
    ecs: { version: ECS_VERSION },
    message: `${briefText(act, 'en')} (${user})`,
    event: {
      id,
      kind: 'alert',
      category: ['host'],
      type: ['info'],
      action: change,
      module: PRODUCT,
      dataset: `${PRODUCT}.alerts`,
      start: isoOf(firstTime),
      end: isoOf(lastTime),
      ...(severity !== null && { severity: Math.round(severity), risk_score: severity }),
    },
    rule: { name: 'user behaviour', category: act },
    user: { name: user },
    host: { name: host },
    related: { user: [user], hosts: [host] },
    labels: { alert, band, windows: String(count), verdict: verdict ?? 'none' },
  };
}
