import { Facts } from '../../models/facts/facts.ts';
import type { Bench } from '../../scripts/bench/bench.ts';
import { BEGINS, inventedPeople } from '../../scripts/invented-people.ts';
import { isMachine } from '../../src-main/contract/subjects.ts';
import { FACTS, SETTING } from '../../src-main/engine/facts/voice.ts';

/** Of none of these is the prior made. */
const SEEDS = [301, 302, 303, 304, 305];
/** Days to learn from, and the day up to which is judged: weeks that follow two, and what follows the first two days. */
const LATER = { learned: 14, days: 42 };
const EARLY = { learned: 2, days: 14 };
/** What still alarms after so long is another alert, in seconds. */
const ANOTHER = 4 * 3600;

/** What weeks without a stranger alarm about, where facts and settings alone are asked at the line of one alert a week. */
function falseAlerts(seed: number, { learned, days }: typeof LATER): { people: number; machines: number } {
  const subjects = new Map<string, Facts>();
  const alerts: Record<'people' | 'machines', number> = { people: 0, machines: 0 };
  const last = new Map<string, number>();
  for (const { subject, action } of inventedPeople(days, seed, false)) {
    let facts = subjects.get(subject);
    if (!facts) subjects.set(subject, (facts = new Facts(isMachine(subject))));
    const judged = facts.see(action);
    const isLearning = action.time < BEGINS + learned * 86_400;
    const alarms = !isLearning && (judged.facts >= FACTS || judged.setting >= SETTING);
    facts.keep(!alarms);
    if (!alarms) continue;
    facts.tell();
    if (action.time < (last.get(subject) ?? 0) + ANOTHER) continue;
    last.set(subject, action.time);
    alerts[isMachine(subject) ? 'machines' : 'people']++;
  }
  // An account that nobody uses is no person.
  const names = [...subjects.keys()].filter((name) => !name.startsWith('uid:'));
  const machines = names.filter(isMachine).length;
  const weeks = (days - learned) / 7;
  return { people: alerts.people / (names.length - machines) / weeks, machines: alerts.machines / machines / weeks };
}

/** How often ordinary people with new things in their lives are alarmed about: the simulator's, of seeds that no prior knows. */
const bench: Bench = {
  name: 'facts',
  run() {
    const all = SEEDS.map((seed) => falseAlerts(seed, LATER));
    const early = SEEDS.map((seed) => falseAlerts(seed, EARLY));
    return Promise.resolve([
      { what: 'false alerts by facts, a person and week', unit: 'alerts', samples: all.map(({ people }) => people) },
      {
        what: 'the same on days 3 to 14, of who is known for two days',
        unit: 'alerts',
        samples: early.map(({ people }) => people),
      },
      {
        what: 'false alerts by settings, a machine and week',
        unit: 'alerts',
        samples: all.map(({ machines }) => machines),
      },
    ]);
  },
};
export default bench;
