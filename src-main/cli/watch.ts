import { Engine } from '../engine/engine.ts';
import { StoreBroken, StoreFull } from '../engine/store/problem.ts';
import type { IncidentEvent } from '../engine/options.ts';
import { follow } from '../source/follow.ts';
import { prune, PRUNE_EVERY } from '../prune.ts';
import { exitCodes, Failure } from './failure.ts';
import { MemoryKeeper } from '../give-back-memory.ts';
import { journalPrefix } from './journal.ts';
import { clock, note, progressBar, say } from './output.ts';
import { serviceOf, type Service } from './service.ts';
import { absolute, engineOptions, now, settingsOf, type Shared } from './setup.ts';

export interface WatchOptions extends Shared {
  readonly log?: string;
  readonly json?: boolean;
  /** Where to begin in a log that was never read. */
  readonly from?: string;
}

/** A full disk may have room again after this. */
const RETRY_AFTER_MS = 5000;

/** `ubad watch`: follows the live log until it is told to stop; SIGHUP reads the configuration again. */
export async function watch(options: WatchOptions): Promise<void> {
  const service = serviceOf();
  for (;;) {
    const reload = new AbortController();
    const stop = new AbortController();
    const onStop = (): void => {
      stop.abort();
    };
    const onReload = (): void => {
      reload.abort();
    };
    process.on('SIGTERM', onStop).on('SIGINT', onStop).on('SIGHUP', onReload);
    try {
      await watchOnce(options, service, AbortSignal.any([stop.signal, reload.signal]));
    } finally {
      process.off('SIGTERM', onStop).off('SIGINT', onStop).off('SIGHUP', onReload);
    }
    if (stop.signal.aborted || !reload.signal.aborted) break;
    note('configuration read again');
  }
  service.stop();
}

async function watchOnce(options: WatchOptions, service: Service, signal: AbortSignal): Promise<void> {
  const config = settingsOf(options);
  const path = absolute(options.log ?? config.log);
  const memory = new MemoryKeeper();
  const bars = new Map<string, (progress: number) => void>();
  const opened = Engine.open(await engineOptions(config, options.subject), {
    incident: (event) => {
      tell(event, options);
    },
    training: (subject, progress) => {
      const bar = bars.get(subject) ?? progressBar(`training ${subject}`);
      bars.set(subject, bar);
      bar(progress);
      if (progress < 1) return;
      note(`${subject}: trained; judging from now on`);
      memory.trained();
    },
    notice: note,
  });
  if (!opened.ok) throw new Failure(opened.problem.message, exitCodes.state);
  const { engine } = opened;
  try {
    await untilStored(() => engine.trainDue(), signal);
    const from = engine.checkpoint(path);
    let batches = 0;
    const source = follow(path, {
      ...(from && { from }),
      signal,
      startAt: options.from === 'end' ? 'end' : 'beginning',
      onState: (state) => {
        const follows = state.state === 'following';
        const what = follows ? `following ${path}${state.note ? `; ${state.note}` : ''}` : `${path}: ${state.cause}`;
        note(what, follows ? 'notice' : 'warning');
        // Also without its log it does what it can: it waits, and says so.
        service.doing(what);
      },
      onGap: (gap) => {
        note(gap, 'warning');
      },
    });
    for await (const batch of source) {
      await untilStored(() => {
        engine.ingest(batch);
      }, signal);
      memory.worked(batch.lines.length);
      if (signal.aborted) break;
      await untilStored(() => engine.trainDue(), signal);
      if (++batches % PRUNE_EVERY !== 0) continue;
      await untilStored(() => {
        prune(engine.store, config, now());
      }, signal);
    }
  } finally {
    memory.stop();
    engine.close();
  }
}

/** A full or failing disk is waited for: it is done when that is cured, and nothing is read meanwhile. */
async function untilStored(work: () => Promise<void> | void, signal: AbortSignal): Promise<void> {
  for (;;) {
    try {
      await work();
      return;
    } catch (error) {
      if (!(error instanceof StoreFull || error instanceof StoreBroken)) throw error;
      note(`${error.message} Trying again every ${RETRY_AFTER_MS / 1000} s; nothing is lost meanwhile.`, 'error');
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, RETRY_AFTER_MS);
        signal.addEventListener('abort', () => {
          clearTimeout(timer);
          resolve();
        });
      });
      if (signal.aborted) return;
    }
  }
}

function tell(event: IncidentEvent, { json }: WatchOptions): void {
  if (json) say(JSON.stringify(event));
  else if (event.change !== 'closed') {
    const text = `${event.band.toUpperCase()}  ${event.sentence}  (incident ${event.id}, z ${event.peak.toFixed(1)})`;
    // The journal has the time already, and wants to know how bad it is.
    const prefix = journalPrefix(event.band === 'critical' ? 'critical' : 'warning', process.stdout.fd);
    say(prefix === '' ? `${clock(now())}  ${text}` : `${prefix}${text}`);
  }
}
