import { createHash } from 'node:crypto';

import type { Action, QueryLearning } from '../../../models/action.ts';

/** What of a pack decides what a model sees. */
export interface Fingerprints {
  /** By query: SHA-256 (hex) of all that decides what a model sees of its rows. */
  readonly fingerprints: ReadonlyMap<string, string>;
  /** One of `firstQueries` together: what models name that do not name each query's. */
  readonly fingerprint: string;
}

/** By query that a model was trained on: its fingerprint at that time. */
export type TrainedOn = Readonly<Record<string, string>>;

/** Of a query that no pack describes: its columns are guessed. */
const UNDESCRIBED = 'undescribed';

/** Of the kinds of action that a model tells apart; no pack has names as long. A log of ever new queries fills no manifest. */
const MOST_QUERIES = 1000;
const NAME_LENGTH = 200;

/** All that a pack asked while a model named one fingerprint of it. Never longer: it is what those models mean. */
const firstQueries: ReadonlySet<string> = new Set(
  [
    'arp_cache kernel_modules listening_ports logged_in_users open_files open_sockets processes shell_history syslog',
    'usb_devices heartbeat sessions logins process_start net_out listening shell_verb media usb gateway sensitive_open',
    'users admins authorized_keys crontab autostart sudoers denylisted ev_process ev_socket ev_user ev_hardware ev_syslog',
  ].flatMap((line) => line.split(' ')),
);

const byText = (a: string, b: string): number => (a < b ? -1 : 1);
/** The order of columns does not matter, nor how important the query is, unless it is not judged at all. */
const seenOf = ({ query, importance, columns }: QueryLearning): readonly [string, ...unknown[]] => [
  query,
  importance > 0,
  Object.entries(columns).sort(([a], [b]) => byText(a, b)),
];
const hashOf = (seen: unknown): string => createHash('sha256').update(JSON.stringify(seen)).digest('hex');

export function fingerprintsOf(learning: ReadonlyMap<string, QueryLearning>): Fingerprints {
  const seen = [...learning.values()].map(seenOf);
  const first = seen.filter(([query]) => firstQueries.has(query)).sort(([a], [b]) => byText(a, b));
  return { fingerprints: new Map(seen.map((one) => [one[0], hashOf(one)])), fingerprint: hashOf(first) };
}

/** What a model is made of by training on these actions, as the pack describes it. */
export function trainedOn(past: readonly Action[], { fingerprints }: Fingerprints): TrainedOn {
  const queries = new Set<string>();
  for (const { query } of past) {
    if (queries.size < MOST_QUERIES && query.length <= NAME_LENGTH) queries.add(query);
  }
  return Object.fromEntries([...queries].sort(byText).map((query) => [query, nowOf(query, fingerprints)]));
}

/** Whether a model sees its user's actions as it did when it was trained. A query that is new to the pack changes nothing. */
export function seesTheSame(
  model: { readonly packFingerprint: string; readonly trainedOn?: TrainedOn },
  { fingerprints, fingerprint }: Fingerprints,
): boolean {
  if (!model.trainedOn) return model.packFingerprint === fingerprint;
  return Object.entries(model.trainedOn).every(([query, then]) => nowOf(query, fingerprints) === then);
}

const nowOf = (query: string, fingerprints: Fingerprints['fingerprints']): string =>
  fingerprints.get(query) ?? UNDESCRIBED;
