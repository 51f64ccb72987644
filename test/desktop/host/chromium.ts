import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Cdp, pipeWire } from '../cdp.ts';
import { until } from '../until.ts';
import { app } from './app.ts';
import { lifecycle } from './lifecycle.ts';

const execute = promisify(execFile);
/** Debian's /usr/bin/chromium is a shell script around the first of these. */
const program = ['/usr/lib/chromium/chromium', '/usr/bin/chromium'].find((path) => existsSync(path)) ?? 'chromium';
const quiet = [
  ...['--no-first-run', '--no-default-browser-check', '--disable-gpu', '--test-type', '--hide-crash-restore-bubble'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-extensions'],
  ...['--disable-default-apps', '--disable-domain-reliability', '--disable-breakpad', '--metrics-recording-only'],
  ...['--disable-backgrounding-occluded-windows', '--disable-renderer-backgrounding', '--disable-popup-blocking'],
  ...['--password-store=basic', '--disable-infobars', '--disable-features=Translate,MediaRouter,OptimizationHints'],
];

let running: Promise<Cdp> | undefined;

/** A window of Chromium: its page over the pipe, its frame by xdotool. */
export interface ChromiumWindow {
  readonly cdp: Cdp;
  readonly targetId: string;
  readonly session: string;
  /** X11's number. */
  readonly frame: string;
}

export async function xdotool(...args: readonly string[]): Promise<string> {
  return (await execute('xdotool', args)).stdout.trim();
}

/**
 * Opens a window without any browser controls. A second start of Chromium on the same profile hands the wish over to the
 * first; the title tells which target and which X11 window are the new ones.
 */
export async function openChromiumWindow(title: string): Promise<ChromiumWindow> {
  const cdp = await (running ??= startChromium());
  let targetId = '';
  const stopHearing = cdp.on('Target.targetCreated', ({ targetInfo }) => {
    if (targetInfo.url.includes(title)) targetId = targetInfo.targetId;
  });
  spawn(program, [...identity(), `--app=data:text/html,<title>${title}</title>`], { stdio: 'ignore' });
  await until('Chromium to open a window', () => targetId, { within: 20_000, every: 10 }).finally(stopHearing);
  const { sessionId } = await cdp.send('Target.attachToTarget', { targetId, flatten: true });
  const frames = await until('the X11 window', () => xdotool('search', '--name', `^${title}$`), { every: 20 });
  return { cdp, targetId, session: sessionId, frame: frames.split('\n').at(-1) ?? '' };
}

/** What both starts have to agree on. */
function identity(): string[] {
  const unsafe = process.env.UBAD_DESKTOP_NO_SANDBOX === undefined ? [] : ['--no-sandbox'];
  const profile = join(app.getPath('sessionData'), 'chromium');
  return [...unsafe, `--user-data-dir=${profile}`, `--class=${app.name}`];
}

async function startChromium(): Promise<Cdp> {
  mkdirSync(app.getPath('sessionData'), { recursive: true });
  // The debugging port is for the driver, the pipe for this host; only here have windows a browser of their own.
  const passedOn = lifecycle.boot.switches.filter((one) => one.startsWith('--remote-debugging-port'));
  const args = [...identity(), '--remote-debugging-pipe', ...passedOn, '--no-startup-window', ...quiet];
  const noise = process.env.UBAD_DESKTOP_TRACE === undefined ? 'ignore' : 'inherit';
  const browser = spawn(program, args, { stdio: ['ignore', noise, noise, 'pipe', 'pipe'] });
  const cdp = new Cdp(pipeWire(browser.stdio[3] as Writable, browser.stdio[4] as Readable));
  cdp.onEnd(() => {
    running = undefined;
  });
  lifecycle.atExit.push(() => endChromium(browser, cdp));
  await cdp.send('Target.setDiscoverTargets', { discover: true });
  return cdp;
}

async function endChromium(browser: ChildProcess, cdp: Cdp): Promise<void> {
  if (browser.exitCode !== null || browser.signalCode !== null) return;
  const gone = once(browser, 'exit');
  void cdp.send('Browser.close').catch(() => undefined);
  await Promise.race([gone, sleep(2_000).then(() => browser.kill('SIGKILL'))]);
}
