/** Where alerts are sent: what an administrator writes. */
import { isIP } from 'node:net';

import * as v from 'valibot';

const path = v.pipe(v.string(), v.startsWith('/', 'give the whole path, beginning with /'));
const name = v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'use small letters, digits and -, at most 32'));
const subnet = v.pipe(
  v.string(),
  v.check((text) => {
    const [address = '', bits, ...more] = text.split('/');
    const most = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
    return more.length === 0 && most >= 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most));
  }, 'use an address such as 10.0.0.7, or a net such as 10.0.0.0/8'),
);

const webhook = v.strictObject({
  name,
  kind: v.literal('webhook'),
  form: v.picklist(['ecs', 'ocsf']),
  url: v.pipe(v.string(), v.url(), v.startsWith('https://', 'use https')),
  /** A file whose first line is the key of the signature. */
  secretFile: path,
  /** Who signed the receiver's certificate; null: whom Node trusts. */
  ca: v.optional(v.nullable(path), null),
  /** Private addresses that it may be at all the same. */
  private: v.optional(v.array(subnet), []),
});

const syslog = v.strictObject({
  name,
  kind: v.literal('syslog'),
  host: v.pipe(v.string(), v.regex(/^[\w.:-]{1,255}$/, 'use a name or an address')),
  port: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535)), 6514),
  ca: v.optional(v.nullable(path), null),
});

export const targetSchema = v.variant('kind', [webhook, syslog]);
export type Target = v.InferOutput<typeof targetSchema>;
export type WebhookTarget = v.InferOutput<typeof webhook>;
export type SyslogTarget = v.InferOutput<typeof syslog>;

/** Several; a name belongs to one, for its position is kept by it. */
export const targetsSchema = v.pipe(
  v.array(targetSchema),
  v.maxLength(16),
  v.check((all) => new Set(all.map((one) => one.name)).size === all.length, 'each needs a name of its own'),
);
