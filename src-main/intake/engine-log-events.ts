/** What the engine does, for the program's own log: the same in the worker and in `ubad watch`. */
import { bands } from '../contract/alerts.ts';
import type { LogEvent } from '../contract/log-events.ts';
import type { EngineEvents, IncidentEvent } from '../engine/options.ts';
import { StoreFull, type StoreBroken } from '../engine/store/problem.ts';
import type { OwnLog } from '../own-log/own-log.ts';

/** The same events, which are logged too. */
export function withLogEvents({ incident, training, notice }: EngineEvents, log: OwnLog): EngineEvents {
  const began = new Map<string, number>();
  return {
    incident: (event) => {
      const logEvent = alertLogEvent(event);
      if (logEvent) log.logEvent(logEvent);
      incident?.(event);
    },
    training: (subject, progress) => {
      const since = began.get(subject);
      if (progress < 1) began.set(subject, since ?? performance.now());
      // Its end may be told twice: when all is learned, and when it is stored.
      else if (since !== undefined) {
        began.delete(subject);
        log.logEvent({ what: 'trained', seconds: Math.round((performance.now() - since) / 1000) });
      }
      training?.(subject, progress);
    },
    notice: (text, logEvent) => {
      log.logEvent(logEvent);
      notice?.(text, logEvent);
    },
  };
}

function alertLogEvent({ change, id, band }: IncidentEvent): LogEvent | undefined {
  const known = bands.find((one) => one === band);
  // That it goes on is said by its end.
  if (change === 'extended' || known === undefined) return undefined;
  return { what: change === 'opened' ? 'alert-opened' : 'alert-over', alert: id, band: known };
}

export const diskLogEvent = (error: StoreFull | StoreBroken): LogEvent => ({
  what: 'not-stored',
  why: error instanceof StoreFull ? 'full' : error.reason,
});
