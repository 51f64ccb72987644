import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { defaultPack } from '../../../src-main/engine/reading/pack.ts';
import { lineParser } from '../../../src-main/engine/reading/parse-line.ts';

const parse = lineParser(defaultPack());
const hex = (text: string): string => Buffer.from(text).toString('hex').toUpperCase();

/** What is kept of a row. */
function kept(name: string, columns: Record<string, string>): Readonly<Record<string, string>> {
  const line = { name, hostIdentifier: 'desk', unixTime: 1_750_000_000, counter: 1, columns, action: 'added' };
  const parsed = parse(JSON.stringify(line));
  if (!parsed.ok) throw new Error(parsed.refusal);
  return parsed.actions[0]!.columns;
}

describe('no secret is kept', () => {
  it.each([
    ['of a variable', 'pack_ir_process_env', { key: 'DB_PASSWORD', value: 'hunter2secret' }],
    ['of a setting', 'pack_ir_settings', { name: 'api_token', value: 'hunter2secret' }],
    ['of all variables', 'pack_x_process_events', { env: 'HOME=/home/ann DB_PASS=hunter2secret and hunter2secret' }],
    ['of variables without names', 'pack_x_process_events', { environment: 'hunter2secret' }],
    ['in sudo’s command', 'pack_user-behavior-events_ev_user', { message: `cmd=${hex('mysql -phunter2secret db')}` }],
    ['in a title', 'pack_x_user_events', { message: `proctitle=${hex('mysql\0-phunter2secret')} res=success` }],
    ['typed at a prompt', 'pack_x_user_events', { message: `major=136 comm="sudo" data=${hex('hunter2secret\r')}` }],
    ['in sudo’s quotes', 'pack_user-behavior-events_ev_user', { message: 'cmd="mysql -phunter2secret" res=1' }],
    [
      'in sudo’s line',
      'pack_user-behavior-events_ev_syslog',
      { message: 'ann : PWD=/root ; USER=root ; COMMAND=/usr/bin/mysql --password=hunter2secret db' },
    ],
    ['in a message', 'pack_x_syslog', { message: 'login failed: password=hunter2secret for ann' }],
    ['after a name', 'pack_x_syslog', { message: 'the password: hunter2secret was wrong' }],
    ['in a script', 'pack_win_powershell_events', { script_text: '$p = \'hunter2secret\'; $q = "hunter2secret"' }],
    ['in any column’s URL', 'pack_x_apt', { source: 'https://ann:hunter2secret@packages.example/debian' }],
    ['in any column', 'pack_x_units', { fragment: 'Environment=API_TOKEN=hunter2secret' }],
    ['in a column of another pack’s query of ours', 'pack_theirs_usb', { model: 'token=hunter2secret' }],
    ['in JSON in a column', 'pack_x_containers', { labels: '{"db_password":"hunter2secret"}' }],
  ])('%s', (_, name, columns) => {
    expect(JSON.stringify(kept(name, columns as Record<string, string>))).not.toContain('hunter2secret');
  });

  it('of variables, wherever a value has spaces', () => {
    const word = fc.stringMatching(/^[a-z]{3,8}$/);
    fc.assert(
      fc.property(fc.array(fc.tuple(word, fc.array(word))), (variables) => {
        const env = variables.map(([name, words]) => `${name.toUpperCase()}=${words.join(' ')}`).join(' ');
        const left = kept('pack_x_process_events', { env }).env!;
        for (const word of variables.flatMap(([, words]) => words)) expect(left).not.toContain(word);
      }),
    );
  });
});

describe('what is no secret stays as it was', () => {
  it.each([
    ['pack_user-behavior_sudoers', { header: 'alice', rule_details: 'ALL=(ALL) NOPASSWD: ALL' }],
    ['pack_user-behavior-events_ev_syslog', { message: 'ann : TTY=pts/0 ; PWD=/home/ann ; COMMAND=/usr/bin/apt' }],
    [
      'pack_user-behavior-events_ev_user',
      { message: 'op=PAM:session_open acct="ann" exe="/usr/bin/sudo" res=success' },
    ],
    ['pack_user-behavior-events_ev_user', { message: 'cwd="/home/ann" cmd="printenv" terminal=pts/0 res=success' }],
    ['pack_x_listening', { address: '2001:db8::1', mac: '02:00:00:00:00:01', name: 'sshd', port: '22' }],
    ['pack_x_packages', { name: 'passwd', version: '1:4.13+dfsg1-1', source: 'shadow (= 4.13)' }],
    ['pack_x_hashes', { path: '/usr/bin/passwd', sha256: 'a3f5'.repeat(16) }],
    ['pack_ir_process_env', { key: 'LANG', value: 'de_DE.UTF-8' }],
  ])('%s %j', (name, columns) => {
    expect(kept(name, columns)).toEqual(columns);
  });
});

describe('bytes as older osqueryds wrote them', () => {
  it.each([
    [String.raw`j\xC3\xB6rg`, 'jörg'],
    [String.raw`/home/j\xC3\xB6rg/\xE2\x82\xAC`, '/home/jörg/€'],
    // No UTF-8: Latin-1, or what was cut.
    [String.raw`j\xF6rg`, String.raw`j\xF6rg`],
    [String.raw`a\xC3`, String.raw`a\xC3`],
    // What may not be shown stays written out.
    [String.raw`a\x1B[2J`, String.raw`a\x1B[2J`],
    [String.raw`C:\xampp`, String.raw`C:\xampp`],
  ])('%s is %s', (written, read) => {
    expect(kept('pack_user-behavior_usb', { model: written }).model).toBe(read);
  });
});
