import type { Shape } from '../../../models/saved.ts';
import { savedFacts, type SavedFacts } from '../../../models/facts/facts.ts';
import { columns, flag, number, orNull, text } from './columns.ts';
import type { Connection } from './sql.ts';

/** A new model that is still compared with the one it took the place of. */
export interface Canary {
  readonly version: number;
  readonly predecessor: number;
  /** Stored actions of the subject at which it ends. */
  readonly until: number;
}

const canaryRow: Shape<Canary> = columns({ version: number, predecessor: number, until: number });

/** The model that a subject is held against, however far the one in use has learned on. */
export interface ReferenceModel {
  readonly version: number;
  /** Stored actions of the subject at which it is looked at next. */
  readonly next: number;
  /** Share of what does not alarm now and would have alarmed then, 0…1, when it was looked at last; null: never, or too little. */
  readonly share: number | null;
  /** A person was asked and has not answered. */
  readonly asked: boolean;
}

/** Actions that a person did not do, by id: from after the first up to and with the last. */
export interface Range {
  readonly after: number;
  readonly to: number;
}

const rangeRow: Shape<Range> = columns({ after: number, to: number });

/** What the engine knows of a subject besides its actions. It is deleted with the subject. Writes only in a transaction. */
export interface SubjectState {
  canary(subjectId: number): Canary | undefined;
  setCanary(subjectId: number, canary: Canary): void;
  endCanary(subjectId: number): void;
  /** Actions on which a model was trained that proved worse; 0: none was. */
  rejectedTraining(subjectId: number): number;
  setRejectedTraining(subjectId: number, actions: number): void;
  reference(subjectId: number): ReferenceModel | undefined;
  setReference(subjectId: number, reference: ReferenceModel): void;
  /** Undefined: nothing is stored; `saved` undefined: what is stored is damaged. */
  facts(subjectId: number): { readonly afterAction: number; readonly saved: SavedFacts | undefined } | undefined;
  setFacts(subjectId: number, afterAction: number, saved: SavedFacts): void;
  /** Of whom facts are stored. */
  withFacts(): number[];
  /** Of whom a fact is known that was seen on this many days: subjects' ids. */
  knowing(name: string, days: number): number[];
  /** Oldest first. */
  distrusted(subjectId: number): readonly Range[];
  distrust(subjectId: number, range: Range): void;
}

const referenceRow = columns({ version: number, next: number, share: orNull(number), asked: flag });

export function subjectStateIn(connection: Connection): SubjectState {
  const canary = connection.read(canaryRow, 'SELECT version, predecessor, until FROM canaries WHERE subject_id = ?');
  const setCanary = connection.prepare(
    'INSERT OR REPLACE INTO canaries (subject_id, version, predecessor, until) VALUES (?, ?, ?, ?)',
  );
  const endCanary = connection.prepare('DELETE FROM canaries WHERE subject_id = ?');
  const rejected = connection.read(
    columns({ actions: number }),
    'SELECT actions FROM rejected_trainings WHERE subject_id = ?',
  );
  const setRejected = connection.prepare(
    'INSERT OR REPLACE INTO rejected_trainings (subject_id, actions) VALUES (?, ?)',
  );
  const reference = connection.read(
    referenceRow,
    'SELECT version, next, share, asked FROM reference_models WHERE subject_id = ?',
  );
  const setReference = connection.prepare(
    'INSERT OR REPLACE INTO reference_models (subject_id, version, next, share, asked) VALUES (?, ?, ?, ?, ?)',
  );
  const distrusted = connection.read(
    rangeRow,
    'SELECT after_action AS "after", to_action AS "to" FROM distrusted WHERE subject_id = ? ORDER BY id',
  );
  const distrust = connection.prepare('INSERT INTO distrusted (subject_id, after_action, to_action) VALUES (?, ?, ?)');

  const facts = connection.read(
    columns({ after: number, memory: text }),
    'SELECT after_action AS "after", memory FROM known_facts WHERE subject_id = ?',
  );
  const setFacts = connection.prepare(
    'INSERT OR REPLACE INTO known_facts (subject_id, after_action, memory) VALUES (?, ?, ?)',
  );

  const withFacts = connection.read(
    columns({ id: number }),
    'SELECT subject_id AS id FROM known_facts ORDER BY subject_id',
  );
  // Most texts do not have it: only those that do are taken apart.
  const knowing = connection.read(
    columns({ id: number }),
    `SELECT subject_id AS id FROM known_facts WHERE CASE WHEN instr(memory, ?3) = 0 OR NOT json_valid(memory) THEN 0
       ELSE EXISTS (SELECT 1 FROM json_each(memory, '$.memory.facts') AS fact
         WHERE fact.value ->> 0 = ?1 AND fact.value ->> 1 >= ?2) END`,
  );

  return {
    canary: (id) => canary.get(id),
    setCanary(id, { version, predecessor, until }) {
      connection.mustBeInTransaction();
      setCanary.run(id, version, predecessor, until);
    },
    endCanary(id) {
      connection.mustBeInTransaction();
      endCanary.run(id);
    },
    rejectedTraining: (id) => rejected.get(id)?.actions ?? 0,
    setRejectedTraining(id, actions) {
      connection.mustBeInTransaction();
      setRejected.run(id, actions);
    },
    reference(id) {
      const row = reference.get(id);
      return row && { version: row.version, next: row.next, share: row.share, asked: row.asked === 1 };
    },
    setReference(id, { version, next, share, asked }) {
      connection.mustBeInTransaction();
      setReference.run(id, version, next, share, asked ? 1 : 0);
    },
    facts(id) {
      const row = facts.get(id);
      return row && { afterAction: row.after, saved: factsIn(row.memory) };
    },
    setFacts(id, afterAction, saved) {
      connection.mustBeInTransaction();
      setFacts.run(id, afterAction, JSON.stringify(saved));
    },
    withFacts: () => withFacts.all().map(({ id }) => id),
    knowing: (name, days) => knowing.all(name, days, JSON.stringify(name)).map(({ id }) => id),
    distrusted: (id) => distrusted.all(id),
    distrust(id, { after, to }) {
      connection.mustBeInTransaction();
      distrust.run(id, after, to);
    },
  };
}

/** It can be made again from what is stored: damage is no reason to stop. */
function factsIn(text: string): SavedFacts | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return savedFacts(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
