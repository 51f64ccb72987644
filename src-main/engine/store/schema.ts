import { doneStepsStep, mentionsStep, trainingsStep } from './schema-later.ts';

/** "ubad" in ASCII, in the database's header: `file` and we ourselves can tell whose database it is. */
export const APPLICATION_ID = 0x75626164;

/**
 * Step n brings a database from version n to n + 1. A step that was released is never changed: add another one.
 * Ids are in log order. Times are Unix seconds.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE subjects (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    first_seen REAL NOT NULL,
    last_seen REAL NOT NULL,
    -- How many rows of actions are theirs: counting millions takes seconds.
    stored INTEGER NOT NULL DEFAULT 0 CHECK (stored >= 0)
  ) STRICT;

  -- What the rows of one query have in common. Rows keep only their values, which halves the database.
  CREATE TABLE shapes (
    id INTEGER PRIMARY KEY,
    query TEXT NOT NULL,
    change TEXT NOT NULL CHECK (change IN ('added', 'removed', 'snapshot')),
    names TEXT NOT NULL,
    UNIQUE (query, change, names)
  ) STRICT;

  CREATE TABLE origins (
    id INTEGER PRIMARY KEY,
    host TEXT NOT NULL,
    path TEXT NOT NULL,
    UNIQUE (host, path)
  ) STRICT;

  -- AUTOINCREMENT: an id that retention took away must never come back as another action.
  CREATE TABLE actions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    subject_id INTEGER NOT NULL REFERENCES subjects (id),
    shape_id INTEGER NOT NULL REFERENCES shapes (id),
    origin_id INTEGER NOT NULL REFERENCES origins (id),
    line INTEGER NOT NULL,
    time REAL NOT NULL,
    baseline INTEGER NOT NULL CHECK (baseline IN (0, 1)),
    vals TEXT NOT NULL
  ) STRICT;
  CREATE INDEX actions_of_subject ON actions (subject_id);
  CREATE INDEX actions_by_time ON actions (subject_id, time);

  CREATE TABLE versions (
    id INTEGER PRIMARY KEY,
    subject_id INTEGER NOT NULL REFERENCES subjects (id),
    created_at REAL NOT NULL,
    algorithm TEXT NOT NULL,
    folder TEXT NOT NULL,
    manifest TEXT NOT NULL,
    after_action INTEGER NOT NULL,
    active INTEGER NOT NULL DEFAULT 0 CHECK (active IN (0, 1)),
    -- Scores go on naming the model that gave them, so a version that was deleted leaves its row.
    removed INTEGER NOT NULL DEFAULT 0 CHECK (removed IN (0, 1)),
    CHECK (active + removed < 2)
  ) STRICT;
  CREATE UNIQUE INDEX one_active_version ON versions (subject_id, algorithm) WHERE active = 1;

  -- The ids of actions here may outlive the actions: retention keeps what an open incident spans, not what a closed one did.
  CREATE TABLE incidents (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    subject_id INTEGER NOT NULL REFERENCES subjects (id),
    opened_at REAL NOT NULL,
    closed_at REAL,
    first_action INTEGER NOT NULL,
    last_action INTEGER NOT NULL,
    first_time REAL NOT NULL,
    last_time REAL NOT NULL,
    peak REAL NOT NULL,
    band TEXT NOT NULL,
    count INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'closed')),
    verdict TEXT CHECK (verdict IN ('normal', 'suspicious')),
    explanation TEXT NOT NULL,
    CHECK ((state = 'closed') = (closed_at IS NOT NULL)),
    CHECK (first_action <= last_action)
  ) STRICT;
  CREATE INDEX incidents_of_subject ON incidents (subject_id);
  CREATE INDEX open_incidents ON incidents (subject_id) WHERE state = 'open';

  CREATE TABLE scores (
    action_id INTEGER PRIMARY KEY REFERENCES actions (id) ON DELETE CASCADE,
    score REAL NOT NULL,
    window_score REAL NOT NULL,
    lstm REAL,
    ocsvm REAL,
    incident_id INTEGER REFERENCES incidents (id),
    version_id INTEGER REFERENCES versions (id)
  ) STRICT;
  CREATE INDEX scores_of_incident ON scores (incident_id) WHERE incident_id IS NOT NULL;

  CREATE TABLE feedback (
    id INTEGER PRIMARY KEY,
    at REAL NOT NULL,
    subject_id INTEGER NOT NULL REFERENCES subjects (id),
    incident_id INTEGER REFERENCES incidents (id),
    verdict TEXT NOT NULL CHECK (verdict IN ('normal', 'suspicious')),
    scope TEXT NOT NULL,
    expires REAL,
    undone_at REAL
  ) STRICT;
  CREATE INDEX feedback_of_subject ON feedback (subject_id);

  CREATE TABLE checkpoints (
    path TEXT PRIMARY KEY,
    device TEXT NOT NULL,
    inode TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    fingerprint_bytes INTEGER NOT NULL,
    offset INTEGER NOT NULL,
    line INTEGER NOT NULL,
    reader_state TEXT NOT NULL
  ) STRICT;

  CREATE TABLE refusals (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at REAL NOT NULL,
    path TEXT NOT NULL,
    line INTEGER NOT NULL,
    reason TEXT NOT NULL,
    detail TEXT NOT NULL
  ) STRICT;
  CREATE TABLE refusal_counts (
    path TEXT NOT NULL,
    reason TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (path, reason)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE losses (
    host TEXT NOT NULL,
    query TEXT NOT NULL,
    count INTEGER NOT NULL,
    at REAL NOT NULL,
    PRIMARY KEY (host, query)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- Whether the window was too strange to be learned unless a person says that it was normal: whatever rules hide.
  ALTER TABLE scores ADD COLUMN strange INTEGER NOT NULL DEFAULT 0 CHECK (strange IN (0, 1));
  UPDATE scores SET strange = 1 WHERE incident_id IS NOT NULL;
  `,
  // By these, rotated files that came later are known when the one that was read last is gone. Milliseconds; JSON.
  `
  ALTER TABLE checkpoints ADD COLUMN mtime_ms REAL;
  ALTER TABLE checkpoints ADD COLUMN predecessor TEXT;
  `,
  // Charts count kinds of action by time without a look at the rows; and what rules hid is found among the strange ones.
  `
  DROP INDEX actions_by_time;
  CREATE INDEX actions_by_time ON actions (subject_id, time, shape_id);
  CREATE INDEX strange_scores ON scores (action_id) WHERE strange = 1;
  CREATE TABLE pauses (
    since REAL PRIMARY KEY,
    until REAL NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  // Whether a person has looked at it since it became as bad as it is. What was over before this was known does not wait.
  `
  ALTER TABLE incidents ADD COLUMN seen INTEGER NOT NULL DEFAULT 0 CHECK (seen IN (0, 1));
  UPDATE incidents SET seen = 1 WHERE state = 'closed' OR verdict IS NOT NULL;
  CREATE INDEX waiting_incidents ON incidents (subject_id) WHERE seen = 0;
  `,
  // Whether the row tells of a program that was running already: no new start.
  `
  ALTER TABLE actions ADD COLUMN again INTEGER NOT NULL DEFAULT 0 CHECK (again IN (0, 1));
  `,
  // What belongs to a subject goes with it. A bag of strings kept a deleted user's name: only names of known subjects move on.
  `
  CREATE TABLE canaries (
    subject_id INTEGER PRIMARY KEY REFERENCES subjects (id) ON DELETE CASCADE,
    version INTEGER NOT NULL REFERENCES versions (id) ON DELETE CASCADE,
    predecessor INTEGER NOT NULL REFERENCES versions (id) ON DELETE CASCADE,
    -- Stored actions of the subject at which the evaluation ends.
    until INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE rejected_trainings (
    subject_id INTEGER PRIMARY KEY REFERENCES subjects (id) ON DELETE CASCADE,
    -- How many actions the model had learned that proved worse.
    actions INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE reference_models (
    subject_id INTEGER PRIMARY KEY REFERENCES subjects (id) ON DELETE CASCADE,
    version INTEGER NOT NULL REFERENCES versions (id) ON DELETE CASCADE,
    -- Stored actions of the subject at which the next drift check is.
    next INTEGER NOT NULL,
    share REAL,
    asked INTEGER NOT NULL CHECK (asked IN (0, 1))
  ) STRICT;
  -- Actions that somebody else did, by id: after the one, up to and with the other.
  CREATE TABLE distrusted (
    id INTEGER PRIMARY KEY,
    subject_id INTEGER NOT NULL REFERENCES subjects (id) ON DELETE CASCADE,
    after_action INTEGER NOT NULL,
    to_action INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX distrusted_of_subject ON distrusted (subject_id);
  -- No subject: an account has its name before it does anything. forget.ts deletes by the name.
  CREATE TABLE uid_names (
    host TEXT NOT NULL,
    uid TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (host, uid)
  ) STRICT, WITHOUT ROWID;
  -- Facts about the store itself: one row.
  CREATE TABLE store_state (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    in_place_of_lost INTEGER NOT NULL DEFAULT 0 CHECK (in_place_of_lost IN (0, 1)),
    -- Unix seconds: when the whole database was last read and found sound.
    sound_at REAL
  ) STRICT;
  INSERT INTO store_state (id, in_place_of_lost)
    SELECT 1, EXISTS (SELECT 1 FROM meta WHERE key = 'in-place-of-lost');
  CREATE TEMP TABLE told AS
    SELECT s.id AS subject_id, kind.name AS kind, CASE WHEN json_valid(m.value) THEN m.value END AS value
    FROM subjects AS s, (SELECT 'probation' AS name UNION SELECT 'tried' UNION SELECT 'anchor' UNION SELECT 'distrusted') AS kind
    JOIN meta AS m ON m.key = kind.name || ':' || s.id;
  INSERT INTO canaries SELECT t.subject_id, v.id, p.id, t.value ->> 'until' FROM told AS t
    JOIN versions AS v ON v.id = t.value ->> 'version' JOIN versions AS p ON p.id = t.value ->> 'predecessor'
    WHERE kind = 'probation';
  INSERT INTO rejected_trainings SELECT subject_id, value ->> '$' FROM told WHERE kind = 'tried' AND value IS NOT NULL;
  INSERT INTO reference_models SELECT t.subject_id, v.id, t.value ->> 'next', t.value ->> 'share', t.value ->> 'asked'
    FROM told AS t JOIN versions AS v ON v.id = t.value ->> 'version' WHERE kind = 'anchor';
  INSERT INTO distrusted (subject_id, after_action, to_action)
    SELECT t.subject_id, e.value ->> 'after', e.value ->> 'to' FROM told AS t, json_each(t.value) AS e
    WHERE kind = 'distrusted' AND t.value IS NOT NULL;
  DROP TABLE told;
  INSERT OR IGNORE INTO uid_names
    SELECT substr(place, 1, length(place) - 1), substr(key, length(place) + 1), name FROM (
      SELECT e.value ->> 0 AS key, rtrim(e.value ->> 0, '0123456789') AS place, e.value ->> 1 AS name
      FROM meta AS m, json_each(CASE WHEN json_valid(m.value) THEN m.value ELSE '[]' END) AS e WHERE m.key = 'uid-names') AS names
    WHERE EXISTS (SELECT 1 FROM subjects AS s WHERE s.name IN (substr(names.name, 1, 256), substr('user:' || names.name, 1, 256)));
  DROP TABLE meta;
  `,
  // Whether its logs tell an invented time, as the example's do: nothing of them is of the future, whatever the clock says.
  `
  ALTER TABLE store_state ADD COLUMN invented_times INTEGER NOT NULL DEFAULT 0 CHECK (invented_times IN (0, 1));
  `,
  // What a subject was seen to do, up to and with an action: JSON of models/facts/memory.ts.
  `
  CREATE TABLE known_facts (
    subject_id INTEGER PRIMARY KEY REFERENCES subjects (id) ON DELETE CASCADE,
    after_action INTEGER NOT NULL,
    memory TEXT NOT NULL
  ) STRICT;
  `,
  // What is to be told to a fleet, kept in the transaction in which it happened; empty on a desktop.
  `
  CREATE TABLE outbox (
    n INTEGER PRIMARY KEY AUTOINCREMENT,
    seq INTEGER NOT NULL, -- the batch's position after its last line
    subject_id INTEGER NOT NULL REFERENCES subjects (id) ON DELETE CASCADE,
    body TEXT NOT NULL -- JSON of engine/put-in-outbox.ts
  ) STRICT;
  `,
  doneStepsStep,
  mentionsStep,
  trainingsStep,
];
