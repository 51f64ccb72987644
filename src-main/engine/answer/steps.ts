import type { Step } from '../../contract/answer.ts';
import { isMachine } from '../../contract/subjects.ts';
import type { EntityRow, Story } from '../../contract/story/story.ts';
import { isUsual } from '../../contract/story/tell.ts';
import type { Act } from '../narrative/act.ts';
import { useOf } from '../narrative/tool.ts';
import { invented, type Machine } from './machine.ts';
import { processSteps } from './process-steps.ts';
import { removalOf, type Done } from './removals.ts';
import { commandOf } from './shell.ts';
import { isHere, type StepAct } from './step-act.ts';

export interface StepMaterial {
  readonly alert: number;
  readonly user: string;
  readonly story: Pick<Story, 'act' | 'rows' | 'headline'>;
  /** In log order. */
  readonly acts: readonly StepAct[];
  readonly machine: Machine;
}

/** Steps of each kind: nobody works through a longer list. */
const MOST_OF_A_KIND = 4;
/** Hardly ever done before: this many times. */
const A_FEW = 3;
/** Seconds within which a login and the session that it made are told. */
const TOGETHER = 180;

type Undone = Omit<Step, 'done'>;

/**
 * What to do about an alert that was not the user, in the order in which it is to be done: first stop it, then keep what is
 * known, then take away what would let it come back. Commands are for a person to read and run: nothing here runs any.
 */
export function stepsOf(material: StepMaterial): Undone[] {
  const { alert, user, story, acts, machine } = material;
  const telling = story.rows.filter((row) => !isUsual(row));
  const ids = new Set(telling.map(({ action }) => action));
  const rarity = new Map(telling.map((row) => [row.action, rankOf(row, story)]));
  // The act that heads the alert first, then what was seen least.
  const told = acts
    .filter(({ act }) => ids.has(act.id))
    .sort((a, b) => rarity.get(a.act.id)! - rarity.get(b.act.id)! || a.act.id - b.act.id);
  const isElsewhere = telling.some(({ act }) => FROM_ELSEWHERE.has(act));
  // Where it happened: another machine's screen, network and password are not this one's.
  const host = [...told, ...acts].find((one) => one.host !== undefined)?.host;
  const there = (step: Undone): Undone => placed(step, host, machine);
  const lock = isHere(host, machine) || machine === invented ? 'loginctl lock-session' : 'loginctl lock-sessions';
  const sessions = sessionSteps(material, told);
  const taken = told.flatMap((one) => {
    const removal = removalOf(one, user);
    return removal ? [placed(removal, one.host, machine)] : [];
  });
  const removals = [...taken, ...accountsToSee(told, taken).map(there)];
  // What the user runs all the same is nothing to stop.
  const fresh = telling.filter(({ seen, newFrom }) => seen === 0 || newFrom !== undefined);
  const heading = telling.filter(({ act, seen }) => act === story.act && seen <= A_FEW);
  // Where a program from a strange place heads it, the tools that were used beside it are not what goes on.
  const running = RUNS.has(story.act) ? fresh.filter(({ act }) => RUNNING.has(act)) : [];
  const goesOn = new Set([running, fresh, heading].find(({ length }) => length > 0)?.map(({ action }) => action));
  const processes = processSteps(
    told.filter(({ act }) => goesOn.has(act.id)),
    acts,
    machine,
  ).slice(0, MOST_OF_A_KIND);
  const network = isElsewhere ? [there(plain('disconnect', 'nmcli networking off', 'nmcli networking on'))] : [];
  // A locked screen ends nothing that came in from elsewhere, is connected or runs by itself: that comes before it.
  const isRemote = told.some(({ act }) => act.kind === 'login' && !act.ended && act.address !== undefined);
  const isConnected = CONNECTED.has(story.act) || (story.act === 'shell' && telling.some(isNewConnection));
  const stopping = isRemote ? sessions : isConnected ? network : RUNS.has(story.act) ? processes : [];
  // What was put there goes on by itself, whoever is at the screen: the command keeps a copy of what it takes away.
  const removal = STAYS.has(story.act) ? removals.filter(({ kind }) => kind === story.act).slice(0, 1) : [];
  // Who added an account, and has something running, must not be able to go on while it is taken away.
  const isMixed = removals.some(({ kind }) => ACCOUNTS.has(kind)) && processes.some(({ command }) => command !== null);
  const first = isMixed
    ? [...processes, ...sessions, ...few(removals)]
    : [...stopping.filter(({ command }) => command !== null), ...removal];
  return [
    ...first,
    there(plain('lock', lock)),
    ...[...sessions, ...processes, ...network].filter((step) => !first.includes(step)),
    plain('evidence', `ubad alerts report ${alert} --output alert-${alert}.html`),
    ...few(removals).filter((step) => !first.includes(step)),
    ...secrets(told),
    // A machine has none.
    ...(isMachine(user)
      ? []
      : [there({ ...plain('password', 'passwd'), phrase: { id: 'step.password', values: { user } } })]),
    plain('tell', null),
  ];
}

/** Telling acts that go on without anybody at the screen. */
const CONNECTED: ReadonlySet<string> = new Set(['shell-net', 'place-net', 'connection', 'sent']);
const RUNS: ReadonlySet<string> = new Set(['shell', 'place']);
const RUNNING: ReadonlySet<string> = new Set(['shell', 'place', 'shell-net', 'place-net']);
/** Kinds of act that let somebody come back, or carry off. */
const STAYS: ReadonlySet<string> = new Set('key cron autostart unit account admin sudo module device'.split(' '));
/** Programs for accounts were run, and no account is told of: the newest ones stand last. */
function accountsToSee(told: readonly StepAct[], taken: readonly Undone[]): Undone[] {
  const isRun = told.some(
    ({ act: { kind, program, name } }) =>
      (kind === 'command' || kind === 'program') && useOf(program ?? name) === 'accounts',
  );
  if (!isRun || taken.some(({ kind }) => kind === 'account')) return [];
  const step = plain('account', 'tail -n 3 /etc/passwd');
  return [{ ...step, key: 'accounts', phrase: { id: 'step.accounts', values: {} } }];
}

/** What gives somebody an account, or one more rights. */
const ACCOUNTS: ReadonlySet<string> = new Set(['account', 'admin', 'sudo']);
/** What the headline names comes first, then what is of its kind, then what was seen least. */
function rankOf({ act, seen, phrase: { values } }: EntityRow, story: StepMaterial['story']): number {
  if (act !== story.act) return seen;
  const { program, name } = story.headline.values;
  const isNamed = (values.program ?? values.name) === (values.program === undefined ? name : program);
  return isNamed ? -2 : -1;
}

const isNewConnection = ({ act, seen }: EntityRow): boolean =>
  seen === 0 && (act === 'shell-net' || act === 'place-net');
const FROM_ELSEWHERE: ReadonlySet<string> = new Set(['login', 'connection', 'shell-net', 'place-net']);

const plain = (kind: Step['kind'], command: string | null, undo: string | null = null): Undone => ({
  key: kind,
  kind,
  phrase: { id: `step.${kind}`, values: {} },
  command,
  undo,
  note: null,
});

/** The sessions that the login of the incident began; without a login those of its acts, but not the one that the reader sits in. */
function sessionSteps({ acts, machine }: StepMaterial, told: readonly StepAct[]): Undone[] {
  const logins = told.filter(({ act }) => act.kind === 'login' && !act.ended);
  const steps = logins.flatMap(({ act: login, host }): Undone[] => {
    const session = acts.find(
      ({ act }) => act.kind === 'session' && !act.ended && Math.abs(act.time - login.time) <= TOGETHER,
    )?.act.session;
    return session === undefined ? terminalStep(login, host, machine) : sessionStep(session, host, machine);
  });
  if (logins.length > 0) return few(steps);
  const others = told.filter(({ act }) => act.session !== undefined && act.session !== machine.session);
  return few(others.flatMap(({ act, host }) => sessionStep(act.session!, host, machine))).slice(0, 1);
}

function sessionStep(session: string, host: string | undefined, machine: Machine): Undone[] {
  const command = commandOf('loginctl terminate-session {0}', session) ?? null;
  const step = {
    ...plain('session', command),
    key: `session:${session}`,
    phrase: { id: 'step.session', values: { session } },
  };
  if (!isHere(host, machine)) return [placed(step, host, machine)];
  const open = machine.sessionIsOpen(session);
  if (open === false) return [{ ...step, command: null, note: { id: 'step.note.ended', values: {} } }];
  return [{ ...step, note: open === undefined ? { id: 'step.note.unknown', values: {} } : null }];
}

function terminalStep({ tty = '' }: Act, host: string | undefined, machine: Machine): Undone[] {
  if (!/^(pts\/\d{1,6}|tty\d{1,3})$/.test(tty)) return [];
  const step = {
    ...plain('terminal', commandOf('pkill -HUP -t {0}', tty) ?? null),
    key: `terminal:${tty}`,
    phrase: { id: 'step.terminal', values: { tty } },
  };
  return [placed(step, host, machine)];
}

/** Files that were opened and hold what others must not know: one step for all. */
function secrets(told: readonly StepAct[]): Undone[] {
  const files = [...new Set(told.flatMap(({ act }) => (act.kind === 'file' && act.file ? [act.file] : [])))];
  const [file] = files;
  if (file === undefined) return [];
  const n = files.length - 1;
  const phrase = n === 0 ? { id: 'step.secrets', values: { file } } : { id: 'step.secrets.more', values: { file, n } };
  return [{ ...plain('secrets', null), phrase }];
}

/** Notes where a step is to be done, and that it takes root. */
function placed(step: Undone | Done, host: string | undefined, machine: Machine): Undone {
  if (machine === invented) return { ...step, note: { id: 'step.note.example', values: {} } };
  if (!isHere(host, machine)) return { ...step, note: { id: 'step.note.host', values: { host: host! } } };
  const isRoot = step.command !== null && /\bsudo /.test(step.command);
  return isRoot ? { ...step, note: { id: 'step.note.root', values: {} } } : step;
}

/** Each once, and not too many of a kind. */
function few(steps: readonly Undone[]): Undone[] {
  const once = [...new Map(steps.map((step) => [step.key, step])).values()];
  return once.filter((step, at) => once.slice(0, at).filter(({ kind }) => kind === step.kind).length < MOST_OF_A_KIND);
}
