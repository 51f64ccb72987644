/**
 * What crosses between the processes of a fleet. A message of another form is refused and counted, never guessed at.
 * Times are Unix seconds.
 */
import * as v from 'valibot';

export const FORM = 1;
/** Bytes of a block's body, at most: the server's own limit is 1 MiB with the headers. */
export const MOST_BLOCK_BYTES = 900_000;
/** Lines of a block, at most. */
export const MOST_BLOCK_LINES = 1024;

const whole = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER));
const name = v.pipe(v.string(), v.minLength(1), v.maxLength(300));

/** Headers of a block of lines. */
export const headers = {
  /** gateway, forward, bridge, or alerts: lines of such a block are alerts that a machine tells of itself. */
  from: 'Ubad-From',
  /** The 1-based number of the block's first line among all of this host. */
  line: 'Ubad-Line',
  /** A random name of the block: by it a publisher knows its own. */
  id: 'Ubad-Id',
  /** The gateway's: what of a POST was published so far, see gateway/overlap.ts. */
  post: 'Ubad-Post',
  /** The forwarder's: JSON of the checkpoint after the block's last line. */
  checkpoint: 'Ubad-Checkpoint',
  /** The bridge's: up to which message of Fleet's stream the host's lines are in, and which stream that is. */
  source: 'Ubad-Source',
  /** The bridge's: the sequence of the block with which the host's lines begin that are compared with new ones. */
  window: 'Ubad-Window',
  /** Of a block without lines: how many partitions there are where the host's lines go on. */
  moved: 'Ubad-Moved',
} as const;

/** Who took a partition over, and what was told before. */
const ownerMessage = v.strictObject({
  form: v.literal(FORM),
  kind: v.literal('owner'),
  epoch: whole,
  owner: name,
  at: v.number(),
  /** Alerts up to and with this one were told before. */
  n: whole,
  /** Of a partition that begins with a split: alerts up to this one are another partition's. */
  since: v.optional(whole),
  /** The partition has forgotten this user: what was told of them before is to be forgotten too. */
  forgot: v.optional(name),
});

const incidentMessage = v.strictObject({
  form: v.literal(FORM),
  kind: v.literal('incident'),
  epoch: whole,
  /** Grows by one with each alert of the partition. */
  n: whole,
  /** Of the block in which it happened. */
  seq: whole,
  change: v.picklist(['opened', 'extended', 'closed']),
  /** The incident's number in its partition's database. */
  incident: whole,
  user: name,
  host: v.pipe(v.string(), v.maxLength(300)),
  band: v.pipe(v.string(), v.maxLength(20)),
  severity: v.pipe(v.number(), v.minValue(0), v.maxValue(100)),
  peak: v.number(),
  count: whole,
  firstTime: v.number(),
  lastTime: v.number(),
  act: v.pipe(v.string(), v.maxLength(60)),
});

/** What a person may say of an alert; 'none' takes back what was said. */
export const sayVerdicts = ['normal', 'suspicious', 'none'] as const;
export type SayVerdict = (typeof sayVerdicts)[number];
/** Who said it: a name for people, nothing that is checked. */
const sayer = v.pipe(v.string(), v.minLength(1), v.maxLength(100));

/** The partition has applied what a person said of an alert. Counted with the alerts, so that none is missed. */
const answerMessage = v.strictObject({
  form: v.literal(FORM),
  kind: v.literal('answer'),
  epoch: whole,
  n: whole,
  seq: whole,
  incident: whole,
  verdict: v.picklist(sayVerdicts),
  by: sayer,
  at: v.number(),
});

/** Where a block's lines are no results but a machine's own alerts. */
export const FROM_ALERTS = 'alerts';

/** An alert of a machine that sends nothing else, a line of a block: no more than a notification may say. */
const toldIncident = v.strictObject({
  form: v.literal(FORM),
  kind: v.literal('incident'),
  change: v.picklist(['opened', 'extended', 'closed']),
  /** The incident's number on that machine. */
  incident: whole,
  user: name,
  band: v.pipe(v.string(), v.maxLength(20)),
  severity: v.pipe(v.number(), v.minValue(0), v.maxValue(100)),
  count: whole,
  firstTime: v.number(),
  lastTime: v.number(),
  act: v.pipe(v.string(), v.maxLength(60)),
});
/** What was said of it there. */
const toldAnswer = v.strictObject({
  form: v.literal(FORM),
  kind: v.literal('answer'),
  incident: whole,
  user: name,
  verdict: v.picklist(sayVerdicts),
  at: v.number(),
});
export const toldMessage = v.variant('kind', [toldIncident, toldAnswer]);
export type ToldMessage = v.InferOutput<typeof toldMessage>;

export const alertMessage = v.variant('kind', [ownerMessage, incidentMessage, answerMessage]);
export type AlertMessage = v.InferOutput<typeof alertMessage>;
export type IncidentMessage = v.InferOutput<typeof incidentMessage>;
export type AnswerMessage = v.InferOutput<typeof answerMessage>;

/** What a person says goes through the partition's own lines: it changes models, and a replay must meet it at the same place. */
const markMessage = v.strictObject({
  form: v.literal(FORM),
  call: v.literal('mark'),
  by: sayer,
  at: v.number(),
  /** The incident's number in its partition's database. */
  incident: whole,
  /** Of an alert that a machine told of itself: whose it is, which the partition does not keep. */
  user: v.optional(name),
  verdict: v.picklist(sayVerdicts),
});
/** From this block on a partition has half of its hosts: those that it has where there are `to` partitions. */
const splitMessage = v.strictObject({
  form: v.literal(FORM),
  call: v.literal('split'),
  by: sayer,
  at: v.number(),
  to: whole,
});
/** A partition forgets a user, or all of a name: see wire/forgotten.ts. */
const forgetMessage = v.strictObject({
  form: v.literal(FORM),
  call: v.literal('forget'),
  by: sayer,
  at: v.number(),
  user: name,
});
export const sayMessage = v.variant('call', [markMessage, splitMessage, forgetMessage]);
export type ForgetMessage = v.InferOutput<typeof forgetMessage>;
export type SayMessage = v.InferOutput<typeof sayMessage>;
export type MarkMessage = v.InferOutput<typeof markMessage>;
export type SplitMessage = v.InferOutput<typeof splitMessage>;

/** A question to a partition's owner: which, and its input. */
export const askMessage = v.strictObject({
  form: v.literal(FORM),
  call: v.pipe(v.string(), v.maxLength(40)),
  input: v.optional(v.unknown()),
});
export type AskMessage = v.InferOutput<typeof askMessage>;

/** Who owns a partition, and where its newest snapshot is. The revision of the entry that claimed it is the owner's epoch. */
export const ownerRecord = v.strictObject({
  form: v.literal(FORM),
  owner: v.nullable(name),
  /** Random: by it an owner knows its own write when the answer was lost. */
  nonce: v.pipe(v.string(), v.maxLength(60)),
  /** The newest snapshot's position in the stream; 0 without one. */
  seq: whole,
  snapshot: v.nullable(v.pipe(v.string(), v.maxLength(200))),
  /** Alerts up to this number were told of lines that nobody can read again: others are numbered above. */
  base: whole,
});
export type OwnerRecord = v.InferOutput<typeof ownerRecord>;

export const leaseRecord = v.strictObject({
  form: v.literal(FORM),
  worker: name,
  /** Of the process: two that have one name are not one worker. */
  nonce: v.pipe(v.string(), v.maxLength(60)),
  draining: v.boolean(),
  partitions: v.pipe(v.array(whole), v.maxLength(4096)),
  /** How far each of them was read: sequences of the stream. */
  positions: v.pipe(v.array(whole), v.maxLength(4096)),
  lines: whole,
  at: v.number(),
});
export type LeaseRecord = v.InferOutput<typeof leaseRecord>;

/** A worker that is to take nothing until that is taken back, whatever process has its name. */
export const drainRecord = v.strictObject({ form: v.literal(FORM), by: sayer, at: v.number() });
export type DrainRecord = v.InferOutput<typeof drainRecord>;

/** What a fleet is, written by `ubad fleet init` and by `ubad fleet split`. */
export const metaRecord = v.strictObject({
  form: v.literal(FORM),
  partitions: whole,
  created: v.number(),
  /** With how many partitions it was made, where it was split since. */
  made: v.optional(whole),
  /** A split that is under way. */
  split: v.optional(v.strictObject({ to: whole, by: sayer, at: v.number() })),
});
export type MetaRecord = v.InferOutput<typeof metaRecord>;

/** Somebody is to be forgotten: copies of states that nobody works on any more are to go. */
export const FORGOT_KEY = 'forgot';
export const forgotRecord = v.strictObject({ form: v.literal(FORM), at: v.number() });
export type ForgotRecord = v.InferOutput<typeof forgotRecord>;

const sha = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const chunk = v.strictObject({ key: v.pipe(v.string(), v.maxLength(200)), sha, bytes: whole });

/** A snapshot of a partition: which chunks make which files. Written after all of its chunks. */
export const manifestRecord = v.strictObject({
  form: v.literal(FORM),
  partition: whole,
  seq: whole,
  epoch: whole,
  /** When the server stored the last block that is in it, Unix seconds. */
  at: v.number(),
  /** The key of the snapshot before this one. */
  before: v.nullable(v.string()),
  files: v.array(
    v.strictObject({
      // A path that leads out of the folder could write anywhere.
      path: v.pipe(v.string(), v.regex(/^(?:ubad\.db|models\/[\w-]{1,100}\/[\w-][\w.-]{0,100})$/)),
      chunks: v.array(chunk),
    }),
  ),
});
export type ManifestRecord = v.InferOutput<typeof manifestRecord>;

/** Parses a message. @returns undefined for what is none of this form */
export function read<T extends v.GenericSchema>(schema: T, text: string): v.InferOutput<T> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const parsed = v.safeParse(schema, value);
  return parsed.success ? parsed.output : undefined;
}
