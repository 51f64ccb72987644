import {
  begunAt,
  severityPhrases,
  hoursOf,
  noveltyOf,
  textOf,
  whereOf,
  type StoryLanguage,
} from '../../contract/story/tell.ts';
import { alsoOf } from '../../contract/story/also.ts';
import { tacticOf } from '../../contract/story/tactics.ts';
import type { EntityRow, Phrase, Story } from '../../contract/story/story.ts';
import { visible } from '../../contract/visible-text.ts';
import { stepsAgainst } from '../answer/answer.ts';
import type { Machine } from '../answer/machine.ts';
import type { Asked } from '../answer/offers.ts';
import { twinsOf } from '../answer/twins.ts';
import { short } from '../explanation/describe.ts';
import { explanationOf, reasonDamaged } from '../explanation/explanation.ts';
import { actionsTold, storyOfIncident, tellsAll } from '../narrative/tell-incident.ts';
import type { Incident } from '../store/incidents.ts';
import type { Store } from '../store/store.ts';
import { clockOf, isoOf, zoneOf } from './times.ts';

/** The alert of which nothing can be reported. */
export class NoReport extends Error {
  override readonly name = 'NoReport';
}

export interface ReportOptions {
  readonly language: StoryLanguage;
  /** 0…100; null where no model says what the alarm line was. */
  readonly severity: number | null;
  readonly machine: Machine;
  /** Of this program. */
  readonly version: string;
  /** Unix seconds. */
  readonly now: number;
}

/** All that is known of an alert, worded: what docs/alert-report.schema.json describes. Texts quote a log: they go through a door. */
export interface Report {
  readonly format: 'ubad-alert-report';
  readonly version: 1;
  readonly program: string;
  readonly language: StoryLanguage;
  readonly made: string;
  readonly zone: string;
  readonly alert: {
    readonly id: number;
    readonly user: string;
    readonly band: string;
    readonly severity: number | null;
    readonly from: string;
    readonly to: string;
    readonly state: Incident['state'];
    readonly verdict: Incident['verdict'];
  };
  readonly headline: string;
  /** What else was new about then; empty where nothing was. */
  readonly also: string;
  /** The computer that told of it; null where that is no longer known. */
  readonly host: string | null;
  readonly when: string;
  readonly where: string;
  readonly severity: string;
  readonly tactics: readonly { readonly name: string; readonly technique: string; readonly source: string }[];
  readonly acts: readonly ReportRow[];
  readonly usual: readonly ReportRow[];
  /** Acts of both that are left out. */
  readonly more: number;
  readonly sure: {
    readonly text: string;
    readonly peak: number;
    readonly votes: readonly { readonly detector: string; readonly z: number }[];
  };
  readonly steps: readonly {
    readonly kind: string;
    readonly text: string;
    readonly command: string | null;
    readonly undo: string | null;
    readonly note: string | null;
    readonly done: string | null;
  }[];
  readonly twins: readonly {
    readonly id: number;
    readonly user: string;
    readonly headline: string;
    readonly shared: string;
  }[];
  /** The rows as osquery gave them, with secrets masked as they are stored. */
  readonly raw: readonly RawRow[];
  /** There were more rows: these are the first and the last of them. */
  readonly cut: boolean;
}

export interface ReportRow {
  readonly at: string;
  readonly what: string;
  readonly chain: readonly string[];
  readonly count: number;
  readonly known: string;
}

export interface RawRow {
  readonly time: string;
  readonly host: string;
  readonly path: string;
  readonly line: number;
  readonly query: string;
  readonly action: string;
  readonly columns: Readonly<Record<string, string>>;
}

/** @throws NoReport where what is stored of the alert's reason is damaged */
export function reportOf(asked: Asked, incident: Incident, options: ReportOptions): Report {
  const { language, severity, machine, now } = options;
  const why = explanationOf(incident);
  const story = storyOfIncident(asked, incident);
  if (!why || !story) throw new NoReport(reasonDamaged(incident));
  const { store } = asked;
  const user = short(store.subjects.byId(incident.subjectId)?.name ?? '?', 256);
  const told = (phrase: Phrase): string => textOf(phrase, language);
  const { id, band, firstTime, lastTime, state, verdict, peak } = incident;
  const hours = hoursOf(story, user);
  return {
    format: 'ubad-alert-report',
    version: 1,
    program: options.version,
    language,
    made: isoOf(now),
    zone: zoneOf(),
    alert: { id, user, band, severity, from: isoOf(firstTime), to: isoOf(lastTime), state, verdict },
    headline: told(story.headline),
    also: alsoOf(story).map(told).join('; '),
    host: story.host ?? null,
    when: `${clockOf(begunAt(story, firstTime))} – ${clockOf(lastTime)}${hours ? `, ${told(hours)}` : ''}`,
    where: told(whereOf(story, user)),
    severity: severityPhrases(story, user, severity, language).map(told).join(' '),
    tactics: story.tactics.flatMap(({ act }) => {
      const tactic = tacticOf(act);
      return tactic ? [{ name: tactic.name, technique: tactic.technique, source: tactic.source }] : [];
    }),
    acts: story.rows.map((row) => rowOf(row, story, told)),
    usual: story.usual.map((row) => rowOf(row, story, told)),
    more: story.more,
    sure: {
      text: told({ id: `report.sure.${why.rank.of}`, values: { share: shareText(why.rank.share) } }),
      peak,
      votes: why.votes.map(({ detector, z }) => ({ detector, z })),
    },
    steps: stepsAgainst(asked, incident, story, machine).map(({ kind, phrase, command, undo, note, done }) => ({
      kind,
      text: told(phrase),
      command,
      undo,
      note: note && told(note),
      done: done === null ? null : isoOf(done),
    })),
    twins: twinsOf(asked, incident, story).map((twin) => ({
      id: twin.id,
      user: short(twin.user, 256),
      headline: twin.headline ? told(twin.headline) : '',
      shared: told(twin.shared),
    })),
    ...rawOf(store, incident, story.since),
  };
}

const rowOf = (row: EntityRow, { days }: Story, told: (phrase: Phrase) => string): ReportRow => ({
  at: isoOf(row.first),
  what: told(row.phrase),
  chain: row.chain,
  count: row.count,
  known: told(noveltyOf(row, days)),
});

function rawOf(store: Store, { subjectId, lastAction }: Incident, since: number): Pick<Report, 'raw' | 'cut'> {
  const stored = actionsTold(store, subjectId, since, lastAction);
  const raw = stored.map(({ action, host, path, line }) => ({
    time: isoOf(action.time),
    host: visible(host),
    path: visible(path),
    line,
    query: visible(action.query),
    action: action.change,
    columns: action.columns,
  }));
  return { raw, cut: !tellsAll(store, subjectId, since, lastAction) };
}

/** Never all: nobody can know. @param share 0…1 */
const shareText = (share: number): string => String(Math.max(0, Math.min(99.9, Math.floor(share * 1000) / 10)));
