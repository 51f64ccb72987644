/** A tactic of MITRE ATT&CK, and the technique by which a kind of act stands for it. Names and ids are facts of the source. */
export interface Tactic {
  readonly id: string;
  readonly name: string;
  readonly technique: string;
  readonly source: string;
}

const from = (id: string, name: string, technique: string): Tactic => ({
  id,
  name,
  technique,
  source: `https://attack.mitre.org/techniques/${technique.replace('.', '/')}/`,
});

/** What a kind of act is often part of: a small table, never a verdict. What has no row is shown without one. */
const tactics: Readonly<Record<string, Tactic>> = {
  login: from('TA0001', 'Initial Access', 'T1078'),
  place: from('TA0002', 'Execution', 'T1204.002'),
  shell: from('TA0002', 'Execution', 'T1059.004'),
  'shell-net': from('TA0011', 'Command and Control', 'T1071'),
  'place-net': from('TA0011', 'Command and Control', 'T1071'),
  key: from('TA0003', 'Persistence', 'T1098.004'),
  cron: from('TA0003', 'Persistence', 'T1053.003'),
  autostart: from('TA0003', 'Persistence', 'T1547.013'),
  unit: from('TA0003', 'Persistence', 'T1543.002'),
  account: from('TA0003', 'Persistence', 'T1136.001'),
  admin: from('TA0004', 'Privilege Escalation', 'T1098.007'),
  sudo: from('TA0004', 'Privilege Escalation', 'T1548.003'),
  read: from('TA0006', 'Credential Access', 'T1552.004'),
  sent: from('TA0010', 'Exfiltration', 'T1048'),
  device: from('TA0010', 'Exfiltration', 'T1052.001'),
  module: from('TA0003', 'Persistence', 'T1547.006'),
  gateway: from('TA0006', 'Credential Access', 'T1557'),
};

/** @param act a word of `EntityRow.act` */
export const tacticOf = (act: string): Tactic | undefined => (Object.hasOwn(tactics, act) ? tactics[act] : undefined);
