import type { Change, QueryLearning } from '../../../models/action.ts';
import { shortest } from '../../../models/profile/explain.ts';
import type { WindowExplanation } from '../../../models/profile/user-model.ts';
import type { Told } from '../../contract/alerts.ts';
import type { Story } from '../../contract/story/story.ts';
import { textOf } from '../../contract/story/tell.ts';
import { short, tellAction, tellNamed } from './describe.ts';

/** An action of the window that an incident is about, with its own z. */
export interface AnomalousAction {
  readonly id: number;
  readonly time: number;
  readonly query: string;
  /** Absent of what an older version has stored. */
  readonly change?: Change;
  readonly columns: Readonly<Record<string, string>>;
  readonly score: number;
  /** What of it was never there before: families of models/facts/. Absent: nothing. */
  readonly newFacts?: readonly string[];
}

/** With what a window was compared. */
export interface Rank {
  /** Share of what it was compared with that is less strange, 0…1. */
  readonly share: number;
  readonly of: 'last-30-days' | 'training' | 'never-before';
}

/** Why a window was strange, from the models' own numbers. Stored with the incident. */
export interface Explanation {
  /** For people: one sentence. */
  readonly sentence: string;
  /** What speaks against the window, largest share first; with `rest` the shares sum to 1. */
  readonly factors: readonly (Told & {
    readonly share: number;
    /** The same by detector and aspect. */
    readonly by: Readonly<Record<string, number>>;
  })[];
  readonly rest: number;
  /** Each detector's z of the window and its part of the judgement; negative: it spoke for the user. */
  readonly votes: WindowExplanation['votes'];
  /** What lowered the score: the most familiar things in the window. */
  readonly familiar: readonly (Told & { readonly share: number })[];
  /** What the LSTM expected and what came. */
  readonly surprises: readonly (Told & {
    readonly action: number;
    readonly probability: number;
    readonly expected: readonly (Told & { readonly probability: number })[];
  })[];
  /** The most similar normal windows: when they began, Unix seconds, and how similar, 0…1. */
  readonly nearest: WindowExplanation['nearest'];
  /** The strangest actions of the window, strangest first. */
  readonly actions: readonly AnomalousAction[];
  readonly rank: Rank;
  /** The chance that the user's normal behaviour has a window as unusual as this among that many actions, 0…1. */
  readonly chance: number;
  /** What happened, as facts. Absent of what an older version has stored. */
  readonly story?: Story;
}

/** What an incident is explained from. */
export interface Findings {
  readonly subject: string;
  /** Undefined: what is new alarms by itself, whatever the models say. */
  readonly window: WindowExplanation | undefined;
  /** The window's actions, oldest first. */
  readonly actions: readonly AnomalousAction[];
  readonly rank: Rank;
  readonly chance: number;
  readonly learning: ReadonlyMap<string, QueryLearning>;
  readonly story: Story;
}

const SHOWN = 3;
/** Factors are told until they make this much of all that spoke against the window, and at least a few. */
const [TOLD, FEWEST] = [0.8, 3];

export const sentenceOf = (subject: string, { headline }: Story, rank: Rank): string =>
  `${short(subject)}: ${textOf(headline, 'en')}; ${rankText(rank)}.`;

export function explain(findings: Findings): Explanation {
  const { subject, window, actions, rank, chance, learning, story } = findings;
  if (!window) return explainNewFacts(findings);
  const factors = toldOnce(
    window.factors.map(({ what, share, by }) => ({
      ...(what ? tellNamed(what, learning) : { text: 'the mix of kinds of action' }),
      share,
      by,
    })),
  );
  const told = shortest(factors, TOLD, FEWEST);
  const mostAnomalous = [...actions].sort((a, b) => b.score - a.score || a.id - b.id).slice(0, SHOWN);
  return {
    sentence: sentenceOf(subject, story, rank),
    factors: told,
    rest: factors.slice(told.length).reduce((sum, { share }) => sum + share, window.rest),
    votes: window.votes,
    familiar: window.familiar.map(({ what, share }) => ({ ...tellNamed(what, learning), share })),
    surprises: window.surprises.flatMap(({ at, probability, expected }) => {
      const action = actions[at];
      if (!action) return [];
      // What is told alike is one thing to the reader.
      const likely = new Map<string, Told & { readonly probability: number }>();
      for (const { what, probability: chanceOfIt } of expected) {
        const told = tellNamed(what, learning);
        likely.set(told.text, { ...told, probability: (likely.get(told.text)?.probability ?? 0) + chanceOfIt });
      }
      return [{ action: action.id, ...tellAction(action, learning), probability, expected: [...likely.values()] }];
    }),
    nearest: window.nearest,
    actions: mostAnomalous,
    rank,
    chance,
    story,
  };
}

type Factor = Explanation['factors'][number];

/** What is told alike is one thing to the reader. @returns largest share first */
function toldOnce(factors: readonly Factor[]): Factor[] {
  const once = new Map<string, Factor>();
  for (const factor of factors) {
    const { text, share, by } = factor;
    const known = once.get(text);
    const both: Record<string, number> = { ...known?.by };
    for (const [name, part] of Object.entries(by)) both[name] = (both[name] ?? 0) + part;
    once.set(text, { ...factor, share: share + (known?.share ?? 0), by: both });
  }
  return [...once.values()].sort((a, b) => b.share - a.share);
}

/** What was never there before, told by itself: each such action counts as much as it is strange. */
function explainNewFacts({ subject, actions, chance, learning, story }: Findings): Explanation {
  const fresh = actions.filter(({ newFacts, score }) => newFacts !== undefined && score > 0);
  const mostAnomalous = [...(fresh.length > 0 ? fresh : actions)].sort((a, b) => b.score - a.score || a.id - b.id);
  const total = fresh.reduce((sum, { score }) => sum + score, 0);
  const shown = mostAnomalous.slice(0, SHOWN);
  const rank = { share: 1, of: 'never-before' } as const;
  return {
    sentence: sentenceOf(subject, story, rank),
    factors: toldOnce(
      fresh
        .map((action) => ({
          ...tellAction({ ...action, change: action.change ?? 'added' }, learning),
          share: action.score / total,
        }))
        .map((told) => ({ ...told, by: { 'facts new': told.share } })),
    ),
    rest: 0,
    votes: [{ detector: 'facts', z: shown[0]?.score ?? 0, share: 1 }],
    familiar: [],
    surprises: [],
    nearest: [],
    actions: shown,
    rank,
    chance,
    story,
  };
}

/** "stranger than 99.6 % of this user's last 30 days": never 100, which nobody can know. */
export function rankText({ share, of }: Rank): string {
  if (of === 'never-before') return 'something new of this kind is very rare here';
  const percent = Math.min(99.9, Math.floor(share * 1000) / 10);
  return `stranger than ${percent} % of this user's ${of === 'last-30-days' ? 'last 30 days' : 'normal windows'}`;
}
