import fc from 'fast-check';
import * as v from 'valibot';
import { expect, it } from 'vitest';

import { visible } from '../../src-main/contract/visible-text.ts';
import { ECS_VERSION, ecsOf } from '../../src-main/export/ecs.ts';
import { isoOf } from '../../src-main/export/event.ts';
import { OCSF_VERSION, ocsfOf } from '../../src-main/export/ocsf.ts';
import { framed, syslogOf } from '../../src-main/export/rfc5424.ts';
import { anyEvent, event } from './events.ts';
import { parseSyslog } from './parse-syslog.ts';

const date = v.pipe(v.string(), v.isoTimestamp());
const keyword = v.pipe(v.string(), v.minLength(1));
const long = v.pipe(v.number(), v.safeInteger());

/** The fields of the Elastic Common Schema 8.17 that may be there, with their types and the values that it allows. */
const ecs = v.strictObject({
  '@timestamp': date,
  ecs: v.strictObject({ version: v.literal('8.17.0') }),
  message: v.string(),
  event: v.strictObject({
    id: keyword,
    kind: v.picklist(['alert', 'asset', 'enrichment', 'event', 'metric', 'state', 'pipeline_error', 'signal']),
    category: v.array(
      v.picklist(['authentication', 'host', 'iam', 'intrusion_detection', 'malware', 'process', 'session', 'threat']),
    ),
    type: v.array(v.picklist(['access', 'change', 'end', 'info', 'start'])),
    action: keyword,
    module: keyword,
    dataset: keyword,
    start: date,
    end: date,
    severity: v.exactOptional(long),
    risk_score: v.exactOptional(v.number()),
  }),
  rule: v.strictObject({ name: keyword, category: keyword }),
  user: v.strictObject({ name: v.string() }),
  host: v.strictObject({ name: v.string() }),
  related: v.strictObject({ user: v.array(v.string()), hosts: v.array(v.string()) }),
  // Custom labels: keywords, no objects.
  labels: v.record(v.pipe(v.string(), v.regex(/^[a-z_]+$/)), keyword),
});

/** What OCSF 1.4 requires of a Detection Finding, and what it allows of the rest that is used here. */
const ocsf = v.pipe(
  v.strictObject({
    activity_id: v.picklist([1, 2, 3]),
    category_uid: v.literal(2),
    class_uid: v.literal(2004),
    type_uid: long,
    time: long,
    severity_id: v.picklist([0, 1, 2, 3, 4, 5, 6, 99]),
    status_id: v.picklist([0, 1, 2, 3, 4, 5, 6, 99]),
    is_alert: v.boolean(),
    message: v.string(),
    start_time: long,
    end_time: long,
    count: long,
    risk_score: v.exactOptional(long),
    finding_info: v.strictObject({
      uid: keyword,
      title: keyword,
      types: v.array(keyword),
      first_seen_time: long,
      last_seen_time: long,
      analytic: v.strictObject({ name: keyword, type_id: v.picklist([0, 1, 2, 3, 4, 5, 99]) }),
    }),
    metadata: v.strictObject({
      version: v.literal('1.4.0'),
      uid: keyword,
      product: v.strictObject({ name: keyword, vendor_name: keyword, version: keyword }),
    }),
    resources: v.array(v.strictObject({ type: keyword, name: v.string() })),
    evidences: v.array(
      v.strictObject({
        actor: v.strictObject({ user: v.strictObject({ name: v.string() }) }),
        device: v.strictObject({ hostname: v.string(), type_id: long }),
      }),
    ),
    unmapped: v.record(v.string(), v.string()),
  }),
  v.check(({ type_uid, class_uid, activity_id }) => type_uid === class_uid * 100 + activity_id),
);

it('makes documents that the Elastic Common Schema knows, of any event', () => {
  expect(ECS_VERSION).toBe('8.17.0');
  fc.assert(
    fc.property(anyEvent, (one) => {
      const document: unknown = JSON.parse(JSON.stringify(ecsOf(one)));
      const { success, issues } = v.safeParse(ecs, document);
      expect(issues).toBeUndefined();
      expect(success).toBe(true);
    }),
  );
  expect(ecsOf(event())).toMatchObject({
    '@timestamp': '2027-01-15T08:00:00.500Z',
    event: { id: 'main/0007/12/3', kind: 'alert', severity: 71, risk_score: 71.25, action: 'opened' },
    user: { name: 'anna@desk-1' },
    labels: { alert: 'main/0007/12', verdict: 'none' },
  });
  expect(JSON.stringify(ecsOf(event({ severity: null })))).not.toContain('risk_score');
});

it('makes detection findings of OCSF, of any event', () => {
  expect(OCSF_VERSION).toBe('1.4.0');
  fc.assert(
    fc.property(anyEvent, (one) => {
      const { issues } = v.safeParse(ocsf, JSON.parse(JSON.stringify(ocsfOf(one, '0.1.0'))));
      expect(issues).toBeUndefined();
    }),
  );
});

it.each([
  ['opened', null, 1, 1],
  ['extended', null, 2, 1],
  // The acts are over, and nobody has answered yet.
  ['closed', null, 2, 1],
  ['answered', 'normal', 3, 4],
  ['answered', 'suspicious', 3, 4],
  ['answered', null, 2, 1],
] as const)('an alert that was %s (%s) is activity %i and status %i of OCSF', (change, verdict, activity, status) => {
  expect(ocsfOf(event({ change, verdict }), '1')).toMatchObject({
    activity_id: activity,
    type_uid: 200_400 + activity,
    status_id: status,
    severity_id: 4,
    finding_info: { uid: 'main/0007/12' },
    metadata: { uid: 'main/0007/12/3' },
  });
});

it('makes messages that a parser of RFC 5424 takes apart into what they were made of', () => {
  fc.assert(
    fc.property(anyEvent, fc.string({ unit: 'binary', maxLength: 300 }), (one, sender) => {
      const parsed = parseSyslog(syslogOf(one, sender));
      expect(parsed).toMatchObject({ version: 1, app: 'ubad', proc: '-', msgid: one.change, time: isoOf(one.at) });
      expect(parsed.facility).toBe(10);
      expect(parsed.data).toMatchObject({
        'ubad@32473': { id: one.id, user: visible(one.user), host: visible(one.host), windows: String(one.count) },
      });
      expect(parsed.message).toContain(visible(one.user));
    }),
  );
  expect(parseSyslog(syslogOf(event({ band: 'critical' }), 'desk 1\n')).severity).toBe(2);
  expect(parseSyslog(syslogOf(event(), 'desk 1\n')).hostname).toBe('desk1');
  expect(parseSyslog(syslogOf(event(), '日本')).hostname).toBe('-');
  expect(parseSyslog(syslogOf(event({ user: 'a"b\\c]d' }), 'x')).data['ubad@32473']!.user).toBe('a"b\\c]d');
});

it('counts the bytes of a message, not its characters', () => {
  expect(framed('aä')).toBe('3 aä');
});
