import { baseOf, isOwnPlace, placeOf } from '../../../models/facts/place.ts';
import { classOf, type ProgramClass } from '../../../models/facts/program-class.ts';

/**
 * What a program of the system is for, where a technique of MITRE ATT&CK names it as what is used for that: in the text of the
 * technique, in its examples of procedures, or in what it says of its detection on Linux. The number of each is in
 * contract/story/tactics.ts. A name in no technique is not here, whatever the program does.
 */
const tools: Readonly<Record<string, readonly string[]>> = {
  // T1046
  scan: ['nmap', 'masscan'],
  // T1040
  sniff: ['tcpdump', 'tshark'],
  // T1110
  guess: ['hydra', 'hashcat'],
  // T1016, T1049
  network: ['ifconfig', 'ip', 'arp', 'route', 'netstat', 'ss', 'lsof'],
  // T1018
  reach: ['ping'],
  // T1033, T1087.001
  people: ['whoami', 'w', 'who', 'id', 'groups'],
  // T1082
  system: ['uname'],
  // T1057
  processes: ['ps'],
  // T1560.001
  archive: ['tar', 'zip', '7z', 'rar'],
  // T1105
  transfer: ['scp', 'rsync', 'curl', 'wget', 'sftp', 'ftp', 'tftp'],
  // T1222.002
  rights: ['chmod', 'chown', 'chattr'],
  // T1070.004
  erase: ['rm', 'unlink'],
  // T1562.004
  firewall: ['iptables', 'ufw'],
  // T1136.001
  accounts: ['useradd', 'adduser'],
  // T1053
  schedule: ['crontab', 'at'],
  // T1543.002
  services: ['systemctl'],
  // T1547.006
  kernel: ['insmod', 'modprobe'],
  // T1610
  container: ['docker'],
  // T1548.003
  root: ['sudo'],
  // T1021.004
  remote: ['ssh'],
};

const byName = new Map(Object.entries(tools).flatMap(([tool, names]) => names.map((name) => [name, tool] as const)));

/** Of what no technique names: by the classes that Debian's sections and freedesktop's categories make. */
const ofClass: Readonly<Partial<Record<ProgramClass, string>>> = {
  document: 'document',
  interpreter: 'script',
  network: 'net',
};

/**
 * What a program is for by its name; nothing of one that lies where anybody may put it, whatever it is called.
 * @param program path or name @returns a word of the catalogue's `tool.…`
 */
export function toolOf(program: string): string | undefined {
  const place = placeOf(program);
  if (isOwnPlace(place)) return undefined;
  const name = baseOf(program);
  return byName.get(name) ?? ofClass[classOf(name)];
}

/**
 * What forwards a port that a container publishes. Sources: Docker's documentation of `userland-proxy`; rootless Podman's
 * containers-rootlessport, which the kernel cuts to 15 characters.
 */
export const publishesPort = (program: string): boolean =>
  /^(?:docker-proxy|rootlessport|containers-root(?:lessport(?:-child)?)?)$/.test(baseOf(program));
