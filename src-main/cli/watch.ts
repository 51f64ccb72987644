import packageJson from '../../package.json' with { type: 'json' };
import { withLogEvents } from '../intake/engine-log-events.ts';
import { Engine, type OpenedEngine } from '../engine/engine.ts';
import type { EngineEvents, EngineOptions, IncidentEvent } from '../engine/options.ts';
import { sourceLogEvent } from '../own-log/events-of.ts';
import { OwnLog } from '../own-log/own-log.ts';
import { prune, PRUNE_EVERY } from '../engine/store/prune.ts';
import { ingestLoop } from '../intake/ingest-loop.ts';
import { STDOUT } from '../terminal/terminal.ts';
import { trainUntil } from '../training/train-in-thread.ts';
import { exitCodes, Failure } from './failure.ts';
import { MemoryKeeper } from '../worker/give-back-memory.ts';
import { journalPrefix } from './journal.ts';
import { clock, tellUser, tellUserOnly, progressBar, say, sayJsonLine } from './output.ts';
import { onStopSignal } from './stopping.ts';
import { serviceOf, type Service } from './service.ts';
import { absolute, engineOptions, tellUsual, now, settingsOf, type Shared } from './setup.ts';

export interface WatchOptions extends Shared {
  readonly log?: string;
  readonly json?: boolean;
  /** Where to begin in a log that was never read. */
  readonly from?: string;
}

/** `ubad watch`: follows the live log until it is told to stop; SIGHUP reads the configuration again. */
export async function watch(options: WatchOptions): Promise<void> {
  const service = serviceOf();
  tellUsual(options);
  for (;;) {
    const reload = new AbortController();
    const stop = new AbortController();
    const onReload = (): void => {
      reload.abort();
    };
    const forget = onStopSignal(() => {
      stop.abort();
    });
    process.on('SIGHUP', onReload);
    try {
      await watchOnce(options, service, AbortSignal.any([stop.signal, reload.signal]));
    } finally {
      forget();
      process.off('SIGHUP', onReload);
    }
    if (stop.signal.aborted || !reload.signal.aborted) break;
    tellUser('configuration read again');
  }
  service.stop();
}

async function watchOnce(options: WatchOptions, service: Service, signal: AbortSignal): Promise<void> {
  const config = settingsOf(options);
  const path = absolute(options.log ?? config.log);
  const memory = new MemoryKeeper();
  const bars = new Map<string, (progress: number) => void>();
  // A training that is under way is not waited for: it begins again at the next start.
  const engine = { ...(await engineOptions(config, options.subject)), train: trainUntil(signal, 2) };
  const ownLog = new OwnLog({ folder: config.state, from: 'watch' });
  const events: EngineEvents = {
    incident: (event) => {
      tell(event, options);
    },
    training: (subject, progress) => {
      const bar = bars.get(subject) ?? progressBar(`training ${subject}`);
      bars.set(subject, bar);
      bar(progress);
      if (progress < 1) return;
      tellUser(`${subject}: trained; judging from now on`);
      memory.trained();
    },
    notice: tellUserOnly,
  };
  ownLog.logEvent({ what: 'started', version: packageJson.version, node: process.versions.node });
  let batches = 0;
  try {
    const problem = await ingestLoop({
      log: path,
      signal,
      startAt: options.from === 'end' ? 'end' : 'beginning',
      open: () => openLogged(engine, events, ownLog),
      onState: (state) => {
        const follows = state.state === 'following';
        const what = follows ? `following ${path}${state.note ? `; ${state.note}` : ''}` : `${path}: ${state.cause}`;
        ownLog.logEvent(sourceLogEvent(state));
        tellUser(what, follows ? 'notice' : 'warning');
        // Also without its log it does what it can: it waits, and says so.
        service.doing(what);
      },
      onNotice: (text, logEvent) => {
        ownLog.logEvent(logEvent);
        tellUser(text, 'warning');
      },
      onStored: (_, lines) => {
        memory.worked(lines);
      },
      tidy: ({ store }) => {
        if (++batches % PRUNE_EVERY === 0) prune(store, config, now());
      },
    });
    if (problem) throw new Failure(problem.message, exitCodes.state);
  } catch (error) {
    // What a person did not do right is told on the terminal only.
    if (!(error instanceof Failure)) ownLog.failed(error);
    throw error;
  } finally {
    memory.stop();
    ownLog.logEvent({ what: 'stopped' });
    ownLog.close();
  }
}

function openLogged(options: EngineOptions, events: EngineEvents, ownLog: OwnLog): OpenedEngine {
  const opened = Engine.open(options, withLogEvents(events, ownLog));
  ownLog.logEvent(opened.ok ? { what: 'store-opened' } : { what: 'store-not-opened', why: opened.problem.kind });
  return opened;
}

function tell(event: IncidentEvent, { json }: WatchOptions): void {
  if (json) sayJsonLine(event);
  else if (event.change !== 'closed') {
    const text = `${event.band.toUpperCase()}  ${event.sentence}  (incident ${event.id}, z ${event.peak.toFixed(1)})`;
    // The journal has the time already, and wants to know how bad it is.
    const prefix = journalPrefix(event.band === 'critical' ? 'critical' : 'warning', STDOUT);
    if (prefix === '') say(`${clock(now())}  ${text}`);
    else say(text, prefix);
  }
}
