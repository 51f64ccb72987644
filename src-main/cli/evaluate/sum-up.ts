import type { Detection, AttackOutcome, UserOutcome } from './attacks.ts';

/** Several attacks in a few figures. */
export interface DetectionFigures {
  readonly found: number;
  readonly medianDelayActions: number | null;
  readonly medianDelayMinutes: number | null;
}

/** Several attacks, at both lines. */
export interface AttackFigures {
  readonly attacks: number;
  /** Null for a method that has no line, and where there is no attack. */
  readonly atOwnLine: DetectionFigures | null;
  readonly atOneAlertADay: DetectionFigures;
}

/** … and those apart of which the label says whether the user was at work. */
export interface GroupFigures extends AttackFigures {
  readonly inHours: AttackFigures;
  readonly outOfHours: AttackFigures;
}

/** The outcomes of several users. */
export interface OutcomeFigures extends AttackFigures {
  readonly meanRocAuc: number | null;
}

/** … by what the labels tell of the attacks. */
export interface KindFigures extends GroupFigures {
  /** By what the labels call it; empty where they do not tell. */
  readonly byFamily: Readonly<Record<string, GroupFigures>>;
  readonly byEntry: Readonly<Record<string, GroupFigures>>;
}

export function sumUp(users: readonly UserOutcome[]): OutcomeFigures {
  const aucs = users.map(({ rocAuc: auc }) => auc).filter((auc) => auc !== null);
  return {
    meanRocAuc: aucs.length === 0 ? null : aucs.reduce((sum, auc) => sum + auc, 0) / aucs.length,
    ...attackFigures(users.flatMap(({ attacks }) => attacks)),
  };
}

export function sumUpByKind(users: readonly UserOutcome[]): KindFigures {
  const all = users.flatMap(({ attacks }) => attacks);
  return { ...groupFigures(all), byFamily: groupedBy(all, 'family'), byEntry: groupedBy(all, 'entry') };
}

/** By the value of the label's key, in alphabetical order. Attacks of which it is not told are in no group. */
function groupedBy(all: readonly AttackOutcome[], key: 'family' | 'entry'): Record<string, GroupFigures> {
  const groups = new Map<string, AttackOutcome[]>();
  for (const attack of all) {
    const name = attack[key];
    if (name !== undefined) groups.set(name, [...(groups.get(name) ?? []), attack]);
  }
  const names = [...groups.keys()].sort();
  return Object.fromEntries(names.map((name) => [name, groupFigures(groups.get(name)!)]));
}

const groupFigures = (attacks: readonly AttackOutcome[]): GroupFigures => ({
  ...attackFigures(attacks),
  inHours: attackFigures(attacks.filter(({ inHours }) => inHours === true)),
  outOfHours: attackFigures(attacks.filter(({ inHours }) => inHours === false)),
});

function attackFigures(attacks: readonly AttackOutcome[]): AttackFigures {
  const own = attacks.map(({ atOwnLine }) => atOwnLine).filter((alarm) => alarm !== null);
  return {
    attacks: attacks.length,
    atOwnLine: own.length === 0 ? null : detectionFigures(own),
    atOneAlertADay: detectionFigures(attacks.map(({ atOneADay }) => atOneADay)),
  };
}

function detectionFigures(alarms: readonly Detection[]): DetectionFigures {
  const median = (values: readonly (number | null)[]): number | null => {
    const known = values.filter((value) => value !== null).sort((a, b) => a - b);
    return known[Math.floor(known.length / 2)] ?? null;
  };
  return {
    found: alarms.filter(({ found }) => found).length,
    medianDelayActions: median(alarms.map(({ delayActions }) => delayActions)),
    medianDelayMinutes: median(alarms.map(({ delayMinutes }) => delayMinutes)),
  };
}
