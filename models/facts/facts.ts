import type { Action } from '../action.ts';
import { finite, flag, list, maybe, object, text, tuple, whole, type Shape } from '../saved.ts';
import { factsOf, isProcess, programOf, type Fact, type Program } from './facts-of.ts';
import { KNOWN_AFTER, Memory, savedMemory } from './memory.ts';
import { priorFamilies, priorOf } from './prior.ts';
import { settingOf } from './settings-of.ts';
import { countOfThings, isThing, surpriseOf, together, type RowSurprise } from './surprise.ts';

/** How much the prior weighs against what the user does, in weeks; and how much what is new lately does. */
const PRIOR_WEIGHT = 4;
const PROJECT = 0.3;
const SMALL = 0.01;
/** Seconds of which new facts are looked at together. */
export const TOGETHER = 120;
/** … and with a new setting: for so long it may stand before the pack asks for it. What was new is kept for as long. */
const POLLED = 600;
/** Up to this many new things come together within that time by chance; more tell of somebody who does much else. */
const FEW = 4;
/** Settings that are remembered for that long. */
const MOST_SETTINGS = 20;
/** Kinds of fact that a log tells at least, if facts are to say anything. */
const KINDS = 4;
/** Programs whose children may come later; and rows whose new facts are looked at together. */
const MOST_PROGRAMS = 400;
const MOST_RECENT = 200;

/** Something that a subject has not done before. */
export interface NewFact extends Fact {
  /** −ln of the chance that it comes in a second in which the user is active (a fact) or in a week (a setting). */
  readonly surprise: number;
}

const savedRow = object({
  time: finite,
  alone: finite,
  program: maybe(text),
  alias: maybe(text),
  // Missing in what was saved before 30 November 2026.
  follows: maybe(
    list(
      object({
        group: text,
        alone: finite,
        of: text,
        byAlias: flag,
        ifNew: finite,
        by: maybe(text),
        ifStarted: maybe(finite),
      }),
      20,
    ),
  ),
  names: list(text, 20),
});

/** Everything needed to go on elsewhere. */
export const savedFacts = object({
  memory: savedMemory,
  recent: list(savedRow, MOST_RECENT),
  programs: list(tuple(text, object({ name: text, class: text })), MOST_PROGRAMS),
  kinds: list(text, 1000),
  sinceNew: whole(0, 2 ** 53),
  // Missing in what was saved before 1 December 2026.
  settings: maybe(list(object({ time: finite, alone: finite }), MOST_SETTINGS)),
});
export type SavedFacts = typeof savedFacts extends Shape<infer Saved> ? Saved : never;

export interface FactsJudgement {
  /**
   * Nats: what is new of the last two minutes, taken together, and that it comes at this hour; of the last ten beside a new setting,
   * and that this much is new in ten minutes. But for what was told already. 0: nothing is new.
   */
  readonly facts: number;
  /** Nats: how rarely such a setting comes new, per week. 0: none is new. */
  readonly setting: number;
  /** What was new in this row, most surprising first. */
  readonly newFacts: readonly NewFact[];
  /** The log tells enough of this subject that something new would show. */
  readonly tells: boolean;
  /** Rows since one had something new in it; 0: this one. */
  readonly sinceNew: number;
}

/** A row in which something was new, and what it was. */
type Recent = RowSurprise & { readonly time: number; readonly names: string[] };

const settingRow = (alone: number): RowSurprise => ({ alone, program: undefined, alias: undefined, follows: [] });

/** One subject's facts under watch: what of a row is new, and how surprising that is. Knows no files, clocks or alerts. */
export class Facts {
  readonly #memory: Memory;
  readonly #ofMachine: boolean;
  #recent: Recent[];
  /** New settings, and −ln of the chance that one comes in a second in which the user is active. */
  #settings: { readonly time: number; readonly alone: number }[];
  /** By pid: what runs under it. */
  #programs: Map<string, Program>;
  /** What of the last row has to be learned. */
  #met: { readonly facts: readonly Fact[]; readonly isSetting: boolean; readonly time: number } | undefined;
  readonly #kinds: Set<string>;
  #sinceNew: number;

  /** @param ofMachine the subject is a machine: nobody in person */
  constructor(ofMachine: boolean, saved?: SavedFacts) {
    this.#ofMachine = ofMachine;
    this.#memory = new Memory(saved?.memory);
    this.#recent = (saved?.recent ?? []).map((row) => ({ ...row, follows: row.follows ?? [] }));
    this.#settings = [...(saved?.settings ?? [])];
    this.#programs = new Map(saved?.programs);
    this.#kinds = new Set(saved?.kinds);
    this.#sinceNew = saved?.sinceNew ?? 0;
  }

  /** Looks at the next row. `keep` takes it in. */
  see(action: Action): FactsJudgement {
    this.keep(true);
    const { change, columns, time } = action;
    if (change === 'removed' || action.again === true) return this.#judgement(time, [], 0);
    const { facts, isSetting } = this.#toldBy(action);
    this.#remember(columns);
    if (action.baseline === true) {
      for (const fact of facts) this.#memory.know(factName(fact), time);
      return this.#judgement(time, [], 0);
    }
    this.#memory.pass(time);
    const fresh = facts.filter((fact) => this.#memory.isNew(factName(fact), time));
    this.#met = { facts, isSetting, time };
    const newFacts = fresh
      .map((fact): NewFact => ({ ...fact, surprise: this.#surprise(fact, time, isSetting) }))
      .sort((a, b) => b.surprise - a.surprise);
    this.#sinceNew = newFacts.length > 0 ? 0 : this.#sinceNew + 1;
    if (isSetting) {
      const [newest] = newFacts;
      if (newest) this.#settings.push({ time, alone: newest.surprise + Math.log(this.#seconds) });
      this.#settings.splice(0, this.#settings.length - MOST_SETTINGS);
      return this.#judgement(time, newFacts, newest?.surprise ?? 0);
    }
    const untold = newFacts.filter((fact) => !this.#memory.isTold(factName(fact), time));
    if (untold.length > 0) {
      const row = surpriseOf(untold, (family) => this.#rate(family, time));
      this.#recent.push({ ...row, time, names: untold.map(factName) });
      this.#recent.splice(0, this.#recent.length - MOST_RECENT);
    }
    return this.#judgement(time, newFacts, 0);
  }

  /** The row that was seen last alarmed: what is new lately is told, and does not alarm by itself again for some days. */
  tell(): void {
    for (const { names } of this.#recent) for (const name of names) this.#memory.tell(name);
    this.#settings = [];
  }

  /** Takes what a row tells as never seen: a person said that it was somebody else. */
  forget(action: Action): void {
    for (const fact of this.#toldBy(action).facts) this.#memory.forget(factName(fact));
  }

  /** Takes what a row tells as known: a person said that it is normal. */
  know(action: Action): void {
    for (const fact of this.#toldBy(action).facts) this.#memory.know(factName(fact), action.time);
  }

  /** Takes the row that was seen last in. @param calm nothing strange goes on: then it counts towards being known */
  keep(calm: boolean): void {
    if (!this.#met) return;
    const { facts, isSetting, time } = this.#met;
    this.#met = undefined;
    const days = !isSetting && this.#memory.isInFirstWeek(time) ? KNOWN_AFTER : 1;
    for (const fact of facts) {
      this.#memory.meet(factName(fact), fact.family, time, calm ? days : 0);
      this.#kinds.add(kindOf(fact.family));
    }
  }

  /** How often facts of each family are new to this subject, a week: what a prior is made of. */
  get rates(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#memory.families].map((family) => [family, this.#memory.rate(family)]));
  }

  save(): SavedFacts {
    this.keep(true);
    return {
      memory: this.#memory.save(),
      recent: [...this.#recent],
      programs: [...this.#programs],
      kinds: [...this.#kinds],
      sinceNew: this.#sinceNew,
      settings: [...this.#settings],
    };
  }

  #toldBy(action: Action): { readonly facts: readonly Fact[]; readonly isSetting: boolean } {
    const setting = settingOf(action, this.#ofMachine);
    if (setting) return { facts: [setting], isSetting: true };
    const { columns } = action;
    return { facts: this.#ofMachine ? [] : factsOf(columns, this.#parentOf(columns)), isSetting: false };
  }

  #judgement(time: number, newFacts: readonly NewFact[], setting: number): FactsJudgement {
    const tells = this.#kinds.size >= KINDS;
    return {
      facts: tells ? this.#lately(time) : 0,
      setting,
      newFacts,
      tells,
      sinceNew: this.#sinceNew,
    };
  }

  /** What is new lately, taken together. Nats. */
  #lately(time: number): number {
    if (this.#settings.length > 0) this.#settings = this.#settings.filter((one) => one.time >= time - POLLED);
    if (this.#recent.length > 0) this.#recent = this.#recent.filter((one) => one.time >= time - POLLED);
    if (this.#recent.length === 0) return 0;
    const usual = (): number => this.#usual();
    const from = time - TOGETHER;
    const alone = together(
      this.#recent.filter((one) => one.time >= from),
      usual,
    );
    const setting = Math.max(...this.#settings.map((one) => one.alone));
    const beside = this.#settings.length > 0 ? together([...this.#recent, settingRow(setting)], usual) : 0;
    const most = Math.max(alone, beside);
    return most > 0 ? most + this.#crowd(time) + this.#memory.oddness(time) : 0;
  }

  /** How surprising it is that this much is new at a time, and was not told: each thing after the first, where there are many. Nats. */
  #crowd(time: number): number {
    if (this.#recent.length <= FEW) return 0;
    const count = countOfThings(
      this.#recent.filter(({ names }) => !names.every((name) => this.#memory.isTold(name, time))),
    );
    return count > FEW ? (count - 1) * Math.max(0, this.#usual() - Math.log(POLLED)) : 0;
  }

  /** How surprising it is that anything new comes, nats. */
  #usual(): number {
    const families = new Set([...this.#memory.families, ...priorFamilies].filter(isThing));
    let all = 0;
    for (const family of families) all += this.#mean(family);
    return -Math.log(Math.min(1, all / this.#seconds));
  }

  #mean(family: string): number {
    return (this.#memory.rate(family) + PRIOR_WEIGHT * priorOf(family) + SMALL) / (1 + PRIOR_WEIGHT);
  }

  #rate(family: string, time: number): number {
    return this.#mean(family) + PROJECT * this.#memory.lately(family, time);
  }

  /** Seconds of a week in which the subject is active. */
  get #seconds(): number {
    return 3600 * this.#memory.activeHours;
  }

  #surprise({ family }: Fact, time: number, isSetting: boolean): number {
    return -Math.log(Math.min(1, this.#rate(family, time) / (isSetting ? 1 : this.#seconds)));
  }

  #parentOf({ parent }: Action['columns']): Program | undefined {
    return parent === undefined ? undefined : this.#programs.get(parent);
  }

  #remember(columns: Action['columns']): void {
    const { pid } = columns;
    if (pid === undefined || !isProcess(columns)) return;
    if (this.#programs.size >= MOST_PROGRAMS) this.#programs = new Map([...this.#programs].slice(MOST_PROGRAMS / 2));
    const { name, class: kind } = programOf(columns, this.#parentOf(columns));
    this.#programs.set(pid, { name, class: kind });
  }
}

/** By what a fact is known. */
export const factName = ({ family, key }: Pick<Fact, 'family' | 'key'>): string => `${family}\n${key}`.slice(0, 300);
const kindOf = (family: string): string => family.split(' ', 1)[0]!;
