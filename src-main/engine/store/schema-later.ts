/** Steps of schema.ts, which tells their order. Which steps against an alert that was not the user a person has done. */
export const doneStepsStep = `
  CREATE TABLE done_steps (
    incident_id INTEGER NOT NULL REFERENCES incidents (id) ON DELETE CASCADE,
    step TEXT NOT NULL,
    at REAL NOT NULL,
    PRIMARY KEY (incident_id, step)
  ) STRICT, WITHOUT ROWID;
  `;

/** By which values an action is found again: key is a hash, see mention-keys.ts. Of actions from mentions_from on all are here. */
export const mentionsStep = `
  CREATE TABLE mentions (
    key INTEGER NOT NULL,
    subject_id INTEGER NOT NULL,
    origin_id INTEGER NOT NULL,
    action_id INTEGER NOT NULL,
    PRIMARY KEY (key, subject_id, origin_id, action_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX actions_of_origin ON actions (origin_id, subject_id);
  ALTER TABLE store_state ADD COLUMN mentions_from INTEGER NOT NULL DEFAULT 0;
  UPDATE store_state SET mentions_from = coalesce((SELECT max(id) + 1 FROM actions), 0);
  `;

/** Trainings beside the batches, as a fleet has them: what each learns from is fixed when it begins. See trainings.ts. */
export const trainingsStep = `
  CREATE TABLE trainings (
    subject_id INTEGER PRIMARY KEY REFERENCES subjects (id) ON DELETE CASCADE,
    begun_at REAL NOT NULL,
    begun_after INTEGER NOT NULL,
    counted INTEGER NOT NULL,
    after_action INTEGER NOT NULL,
    left_out TEXT -- ids of actions, JSON
  ) STRICT;
  `;
