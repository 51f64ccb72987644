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
  'tool.scan': from('TA0007', 'Discovery', 'T1046'),
  'tool.sniff': from('TA0006', 'Credential Access', 'T1040'),
  'tool.guess': from('TA0006', 'Credential Access', 'T1110'),
  'tool.mine': from('TA0040', 'Impact', 'T1496.001'),
  'tool.network': from('TA0007', 'Discovery', 'T1016'),
  'tool.reach': from('TA0007', 'Discovery', 'T1018'),
  'tool.people': from('TA0007', 'Discovery', 'T1033'),
  'tool.system': from('TA0007', 'Discovery', 'T1082'),
  'tool.processes': from('TA0007', 'Discovery', 'T1057'),
  'tool.archive': from('TA0009', 'Collection', 'T1560.001'),
  'tool.transfer': from('TA0011', 'Command and Control', 'T1105'),
  'tool.rights': from('TA0005', 'Defense Evasion', 'T1222.002'),
  'tool.erase': from('TA0005', 'Defense Evasion', 'T1070.004'),
  'tool.firewall': from('TA0005', 'Defense Evasion', 'T1562.004'),
  'tool.accounts': from('TA0003', 'Persistence', 'T1136.001'),
  'tool.schedule': from('TA0003', 'Persistence', 'T1053.003'),
  'tool.services': from('TA0003', 'Persistence', 'T1543.002'),
  'tool.kernel': from('TA0003', 'Persistence', 'T1547.006'),
  'tool.container': from('TA0002', 'Execution', 'T1610'),
  'tool.root': from('TA0004', 'Privilege Escalation', 'T1548.003'),
  'tool.remote': from('TA0008', 'Lateral Movement', 'T1021.004'),
};

/** A tool of every day can be part of it; that it often is, nobody says. */
export const isOften = (act: string): boolean => !act.startsWith('tool.');

/** @param act a word of `EntityRow.act` */
export const tacticOf = (act: string): Tactic | undefined => (Object.hasOwn(tactics, act) ? tactics[act] : undefined);
