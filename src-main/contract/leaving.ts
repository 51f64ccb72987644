/** What leaves this machine for a fleet, as the process that sends it keeps it on the disk, and as the window shows it. */
import * as v from 'valibot';

/** Where the process that sends keeps what it sent. */
export const LEAVING_FOLDER = '/var/lib/ubad-forward';
/** Blocks that are kept, the last ones. */
export const BLOCKS_KEPT = 50;

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** `about.json`: anybody of this machine may read it. */
export const aboutLeaving = v.strictObject({
  form: v.literal(1),
  mirror: v.picklist(['alerts', 'lines']),
  /** The file that says so, and who may change it. */
  by: v.string(),
  tenant: v.string(),
  servers: v.array(v.string()),
  host: v.string(),
  /** The log, or the folder of the engine whose alerts they are. */
  log: v.string(),
  /** Unix seconds: since when it sends. */
  since: v.number(),
  /** Lines or alerts that were sent, and lines that were left out: no results, or of no query that the pack knows. */
  sent: count,
  leftOut: count,
  /** Number of the newest block. */
  newest: count,
});
export type AboutLeaving = v.InferOutput<typeof aboutLeaving>;

/** `blocks/<number % 50>.json`: who may read the log may read it. */
export const leavingBlock = v.strictObject({
  n: count,
  /** Unix seconds. */
  at: v.number(),
  /** As it was sent: one line of osquery's, or one alert, a line. */
  body: v.string(),
});
export type LeavingBlock = v.InferOutput<typeof leavingBlock>;

/** What the window shows. */
export type Leaving =
  | { readonly state: 'nothing' }
  | { readonly state: 'fleet'; readonly about: AboutLeaving; readonly blocks: readonly LeavingBlock[] | 'unreadable' };
