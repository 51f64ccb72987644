/** Marks the file as an inbox of ours; any other database is left alone. */
export const APPLICATION_ID = 0x75_62_69_6e;

/** Each brings the database one version further. Times are Unix seconds; a position is a sequence of the stream of alerts. */
export const migrations: readonly string[] = [
  `
  -- What was read of which stream: in the transaction that stores what was read.
  CREATE TABLE inbox_state (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    created TEXT NOT NULL, -- when the server made the stream: another one has other sequences
    position INTEGER NOT NULL,
    refused INTEGER NOT NULL -- messages that were none of this form
  ) STRICT;
  CREATE TABLE partitions (
    partition INTEGER PRIMARY KEY,
    n INTEGER NOT NULL, -- the last that was told
    lost INTEGER NOT NULL, -- told while nobody read, and no longer in the stream
    owner TEXT
  ) STRICT;
  -- Everything that was told, each once: what is handed on is read from here.
  CREATE TABLE told (
    position INTEGER PRIMARY KEY,
    partition INTEGER NOT NULL,
    n INTEGER NOT NULL,
    at REAL NOT NULL,
    body TEXT NOT NULL, -- the message, JSON of fleet/wire/messages.ts
    UNIQUE (partition, n)
  ) STRICT;
  CREATE TABLE alerts (
    partition INTEGER NOT NULL,
    incident INTEGER NOT NULL,
    user TEXT NOT NULL,
    host TEXT NOT NULL,
    band TEXT NOT NULL,
    severity REAL NOT NULL,
    count INTEGER NOT NULL,
    first_time REAL NOT NULL,
    last_time REAL NOT NULL,
    act TEXT NOT NULL,
    is_open INTEGER NOT NULL CHECK (is_open IN (0, 1)),
    verdict TEXT CHECK (verdict IN ('normal', 'suspicious')),
    answered_by TEXT,
    answered_at REAL,
    told_at REAL NOT NULL,
    PRIMARY KEY (partition, incident)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX alerts_waiting ON alerts (severity DESC, last_time DESC) WHERE verdict IS NULL;
  `,
  `
  -- Added to sequences: positions of what was told grow, also where another stream begins again.
  ALTER TABLE inbox_state ADD COLUMN shift INTEGER NOT NULL DEFAULT 0;
  `,
  `
  -- What people at the page say beside answers: of nobody else's business but the inbox's.
  CREATE TABLE assignments (
    partition INTEGER NOT NULL,
    incident INTEGER NOT NULL,
    person TEXT NOT NULL,
    by_whom TEXT NOT NULL,
    at REAL NOT NULL,
    PRIMARY KEY (partition, incident),
    FOREIGN KEY (partition, incident) REFERENCES alerts ON DELETE CASCADE
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE notes (
    id INTEGER PRIMARY KEY,
    partition INTEGER NOT NULL,
    incident INTEGER NOT NULL,
    text TEXT NOT NULL,
    by_whom TEXT NOT NULL,
    at REAL NOT NULL,
    FOREIGN KEY (partition, incident) REFERENCES alerts ON DELETE CASCADE
  ) STRICT;
  CREATE INDEX notes_of ON notes (partition, incident);
  -- Who looked at what, and who said what: it stays when the alert goes.
  CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at REAL NOT NULL,
    person TEXT NOT NULL,
    did TEXT NOT NULL,
    what TEXT NOT NULL
  ) STRICT;
  CREATE INDEX alerts_answered ON alerts (last_time DESC) WHERE verdict IS NOT NULL;
  `,
  `
  -- A partition that began with a split: alerts of its hosts may stand under the number of the one that it is of.
  ALTER TABLE partitions ADD COLUMN split_off INTEGER NOT NULL DEFAULT 0 CHECK (split_off IN (0, 1));
  `,
];
