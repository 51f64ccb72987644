/**
 * Makes models/facts/prior.json: how many facts of each family are new to somebody in a week, from the simulator's people in their
 * fifth to eighth week. Run: npm run prior (a minute). The same simulator gives the same bytes.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { Facts } from '../models/facts/facts.ts';
import { isMachine } from '../src-main/contract/subjects.ts';
import { inventedPeople } from './invented-people.ts';

const [DAYS, SEEDS] = [56, [101, 102]];

const sums = new Map<string, number>();
const counts = { people: 0, machines: 0 };
for (const seed of SEEDS) {
  const subjects = new Map<string, Facts>();
  for (const { subject, action } of inventedPeople(DAYS, seed, seed % 2 === 0)) {
    let facts = subjects.get(subject);
    if (!facts) subjects.set(subject, (facts = new Facts(isMachine(subject))));
    facts.see(action);
  }
  for (const [subject, facts] of subjects) {
    if (subject.startsWith('uid:')) continue;
    counts[isMachine(subject) ? 'machines' : 'people']++;
    for (const [family, rate] of Object.entries(facts.rates)) sums.set(family, (sums.get(family) ?? 0) + rate);
  }
}
const means = [...sums].map(([family, sum]) => [family, Math.round((1000 * sum) / counts.people) / 1000] as const);
const sorted = means.filter(([, mean]) => mean > 0).sort(([a], [b]) => (a < b ? -1 : 1));
writeFileSync(
  join(import.meta.dirname, '..', 'models', 'facts', 'prior.json'),
  `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`,
);
console.log(`${sorted.length} families of ${counts.people} people and ${counts.machines} machines`);
