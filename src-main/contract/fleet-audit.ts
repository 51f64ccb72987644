/** What a fleet keeps of who looked at what and did what on its page. Times are Unix seconds. */

export interface AuditRow {
  readonly at: number;
  readonly person: string;
  readonly did: AuditAct;
  /** An alert, a host, a text that was looked for. */
  readonly what: string;
}
export const auditActs = [
  'opened',
  'answered',
  'assigned',
  'noted',
  'approved',
  'revoked',
  'sought',
  'people',
  'peers',
  'audit',
] as const;
export type AuditAct = (typeof auditActs)[number];
