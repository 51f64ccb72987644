import { say, sayTable } from '../output.ts';
import type { ByAttack } from './by-attack.ts';
import { FUSED } from './judge-log.ts';
import type { DetectionFigures, AttackFigures, GroupFigures } from './sum-up.ts';

/** For people: the methods, the fused judgement by kinds of attacks, then the attacks. */
export function sayByAttack(found: ByAttack): void {
  const rows = Object.entries(found).map(([method, { meanRocAuc, attacks, atOwnLine, atOneAlertADay }]) => [
    method,
    meanRocAuc === null ? '–' : meanRocAuc.toFixed(3),
    atOwnLine ? told(atOwnLine, attacks) : '–',
    told(atOneAlertADay, attacks),
  ]);
  sayTable(['method', 'ROC-AUC', 'found at its own line', 'found at one alert a day and user'], rows);
  const fused = found[FUSED];
  const rate = fused?.falseIncidentsPerUserAndWeek;
  if (typeof rate === 'number') say(`False incidents a user and week at its own line, fused: ${rate.toFixed(2)}`);
  const ofMachines = fused?.falseIncidentsPerMachineAndWeek;
  if (typeof ofMachines === 'number') say(`… and of a machine and week, by its settings: ${ofMachines.toFixed(2)}`);
  if (fused) sayGroups({ family: fused.byFamily, entry: fused.byEntry }, fused);
  sayAttacks(found);
}

/** Each kind of attack; nothing where the labels tell no kinds. */
function sayGroups(kinds: Readonly<Record<string, Readonly<Record<string, GroupFigures>>>>, all: GroupFigures): void {
  for (const [kind, groups] of Object.entries(kinds)) {
    if (Object.keys(groups).length === 0) continue;
    say('');
    say(`By ${kind}, fused, at its own line:`);
    const rows = [...Object.entries(groups), ['all', all] as const].map(([name, group]) => [
      name,
      share(group),
      share(group.inHours),
      share(group.outOfHours),
      delay(group.atOwnLine),
    ]);
    sayTable([kind, 'found', 'in working hours', 'outside', 'median delay'], rows);
  }
}

const share = ({ attacks, atOwnLine }: AttackFigures): string =>
  attacks === 0 ? '–' : `${atOwnLine?.found ?? 0} of ${attacks}`;

const delay = (figures: DetectionFigures | null): string =>
  figures === null || figures.found === 0
    ? '–'
    : figures.medianDelayActions === null
      ? 'told of the machine'
      : `${figures.medianDelayActions} actions, ${minutes(figures.medianDelayMinutes)}`;

/** A delay in minutes; short ones to the tenth. */
const minutes = (value: number | null): string => `${(value ?? 0).toFixed((value ?? 0) < 10 ? 1 : 0)} min`;

const told = (figures: DetectionFigures, of: number): string =>
  figures.found === 0 ? `0 of ${of}` : `${figures.found} of ${of}, after ${delay(figures)}`;

function sayAttacks(found: ByAttack): void {
  const methods = Object.keys(found);
  const perMethod = Object.values(found).map(({ users }) => users.flatMap(({ attacks }) => attacks));
  const rows = (perMethod[0] ?? []).map(({ user, id, mitre }, a) => [
    user,
    id,
    mitre,
    ...perMethod.map((attacks) => {
      const { found: isFound, delayActions, delayMinutes } = attacks[a]!.atOneADay;
      return isFound ? `${delayActions ?? ''} / ${Math.round(delayMinutes ?? 0)} min` : '–';
    }),
  ]);
  say('');
  say('Actions and minutes until each attack is found, at one alert a day and user:');
  sayTable(['user', 'attack', 'ATT&CK', ...methods], rows);
}
