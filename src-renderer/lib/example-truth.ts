import type { AlertRow } from '../../src-main/contract/alerts.ts';
import type { ExampleAttack } from '../../src-main/contract/desktop.ts';

type Stretch = Pick<AlertRow, 'user' | 'firstTime' | 'lastTime'>;

/** An alert begins up to so long after what caused it, and ends so long after it. Seconds. */
const AROUND = 900;

/** The attack that an alert of the example is about; undefined: nobody attacked then. */
export const attackOf = (alert: Stretch, attacks: readonly ExampleAttack[]): ExampleAttack | undefined =>
  attacks.find(({ user, host, from, to }) => {
    const isTheirs = alert.user === user || alert.user === `host:${host}`;
    return isTheirs && alert.firstTime <= to + AROUND && alert.lastTime >= from - AROUND;
  });

/** Whether an answer in the example was right; undefined before there is one. */
export function judged(
  alert: Stretch & Pick<AlertRow, 'verdict'>,
  attacks: readonly ExampleAttack[],
): { readonly right: boolean; readonly attack: ExampleAttack | undefined } | undefined {
  if (alert.verdict === null) return undefined;
  const attack = attackOf(alert, attacks);
  return { right: (alert.verdict === 'suspicious') === (attack !== undefined), attack };
}

/** What of the example was found and what was missed, in order of time; and how often an alert was about nothing. */
export function resultOf(
  alerts: readonly Stretch[],
  attacks: readonly ExampleAttack[],
): { readonly found: ExampleAttack[]; readonly missed: ExampleAttack[]; readonly falseAlerts: number } {
  const isFound = (attack: ExampleAttack): boolean => alerts.some((alert) => attackOf(alert, [attack]) !== undefined);
  const inTime = [...attacks].sort((a, b) => a.from - b.from);
  return {
    found: inTime.filter(isFound),
    missed: inTime.filter((attack) => !isFound(attack)),
    falseAlerts: alerts.filter((alert) => attackOf(alert, attacks) === undefined).length,
  };
}
