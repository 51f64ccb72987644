import type { Actor } from '../actor.ts';
import { withArguments } from '../chain.ts';
import type { Draw } from '../draw.ts';
import type { Running } from '../happening.ts';
import type { Program } from '../programs.ts';
import { anyAddress } from '../sites.ts';
import { hexPart, randomPart, spelled, toolName, version } from './names.ts';

/** Does it, once. @param own what it is: the same draws each time that the same thing is used */
export type Deed = (actor: Actor, own: Draw) => void;

const PYTHON = '/usr/bin/python3';
export const DASH = '/usr/bin/dash';
export const homeOf = ({ person }: Actor): string => `/home/${person.name}`;

/** What scripts call. */
const called = [
  'cp',
  'rsync',
  'curl',
  'grep',
  'sed',
  'python3',
  'tar',
  'find',
  'sleep',
  'git',
  'jq',
  'ssh',
  'date',
  'mv',
];

export function runCalled(actor: Actor, parent: Running): void {
  const { draw } = actor;
  for (let n = draw.whole(1, 4); n > 0; n--) {
    actor.wait(3).run(draw.pick(called), { lasts: 9 }, { parent });
  }
}

export const tool: Deed = (actor, own) => {
  const name = toolName(own);
  const path = `/usr/bin/${name}`;
  // Some are scripts: it is the interpreter that runs.
  const program: Program = { path, lasts: own.logNormal(9, 1.3) };
  const isScript = own.chance(0.2);
  actor.type(withArguments(name, actor.draw), isScript ? { ...program, path: PYTHON, script: path } : program);
  if (own.chance(0.15)) actor.connect(anyAddress(own), 443, name, isScript ? PYTHON : path);
};

export const ownTool: Deed = (actor, own) => {
  const name = toolName(own);
  const folder = own.pick(['.local/bin', '.local/bin', '.cargo/bin', 'go/bin', '.npm-global/bin']);
  const path = `${homeOf(actor)}/${folder}/${name}`;
  const program: Program = { path, lasts: own.logNormal(15, 1.3) };
  const isScript = folder === '.local/bin' && own.chance(0.6);
  actor.type(withArguments(name, actor.draw), isScript ? { ...program, path: PYTHON, script: path } : program);
  if (own.chance(0.2)) actor.connect(anyAddress(own), 443, name, isScript ? PYTHON : path);
};

export const npx: Deed = (actor, own) => {
  const name = toolName(own);
  const folder = `${homeOf(actor)}/.npm/_npx/${hexPart(own, 16)}/node_modules`;
  const node = '/usr/bin/node';
  const npm = actor.enter(`npx ${name}`, { path: node, script: '/usr/bin/npx', lasts: 25, connects: { packages: 1 } });
  const sh = actor.start('sh', { path: DASH, lasts: 22 }, { parent: npm });
  if (own.chance(0.3)) actor.run(name, { path: `${folder}/@${name}/linux-x64/bin/${name}`, lasts: 20 }, { parent: sh });
  else actor.run('node', { path: node, script: `${folder}/.bin/${name}`, lasts: 20 }, { parent: sh });
};

export const script: Deed = (actor, own) => {
  const name = `${spelled(own)}.${own.chance(0.8) ? 'sh' : 'py'}`;
  const isShell = name.endsWith('.sh');
  const folder = own.pick(['bin', 'bin', `src/${spelled(own)}`, `${spelled(own)}/scripts`, 'Documents']);
  const path = `${homeOf(actor)}/${folder}/${name}`;
  const interpreter = isShell ? own.pick(['/usr/bin/bash', DASH]) : PYTHON;
  const lasts = own.logNormal(30, 1.2);
  const by = isShell ? 'bash' : 'python3';
  // Given to an interpreter, or run for itself: the kernel names a process as what it executes.
  const ran =
    folder !== 'bin' && own.chance(0.5)
      ? actor.enter(`${by} ${name}`, { path: isShell ? '/usr/bin/bash' : PYTHON, lasts })
      : actor.enter(folder === 'bin' ? name : `./${name}`, { path: interpreter, script: path, lasts });
  runCalled(actor, ran);
};

export const build: Deed = (actor, own) => {
  const name = spelled(own);
  const project = `${homeOf(actor)}/src/${spelled(own)}`;
  const lasts = own.logNormal(40, 1.4);
  const kind = own.pick(['cargo', 'go', 'make', 'make']);
  if (kind === 'go') {
    // `go run` builds in a new folder each time.
    const go = actor.enter('go run .', { lasts: 60 });
    const path = `/tmp/go-build${actor.draw.whole(1e8, 4e9)}/b001/exe/${name}`;
    actor.run(name, { path, lasts }, { parent: go });
    return;
  }
  const path = kind === 'cargo' ? `${project}/target/debug/${name}` : `${project}/build/${name}`;
  if (kind === 'cargo' && own.chance(0.5)) {
    actor.run(
      name,
      { path, lasts },
      { parent: actor.enter('cargo run', { path: `${homeOf(actor)}/.cargo/bin/cargo`, lasts: 50 }) },
    );
  } else actor.type(`./${name}`, { path, lasts });
  if (own.chance(0.15)) actor.connect(anyAddress(own), own.pick([443, 443, 8080, 5432]), name, path);
};

export const venv: Deed = (actor, own) => {
  const home = homeOf(actor);
  const minor = own.whole(9, 13);
  const path = own.pick([
    // A virtualenv's python links to the system's, unless it is a copy.
    PYTHON,
    `${home}/${spelled(own)}/.venv/bin/python3`,
    `${home}/.pyenv/versions/3.${minor}.${own.whole(0, 9)}/bin/python3.${minor}`,
    `${home}/miniconda3/envs/${spelled(own)}/bin/python3.${minor}`,
    `${home}/.local/share/uv/python/cpython-3.${minor}.${own.whole(0, 9)}-linux-x86_64-gnu/bin/python3.${minor}`,
  ]);
  const python = actor.enter(withArguments('python3', actor.draw), { path, lasts: 70 });
  if (!actor.draw.chance(0.25)) return;
  // pip fetches, and builds what has no wheel.
  actor.wait(20);
  const pip = actor.enter('pip install -r requirements.txt', {
    path,
    script: path.replace(/[^/]+$/, 'pip'),
    lasts: 30,
    connects: { packages: 2 },
  });
  if (actor.draw.chance(0.3)) {
    const folder = `/tmp/pip-install-${randomPart(actor.draw, 8).toLowerCase()}/${spelled(own)}`;
    actor.run(
      'configure',
      { path: DASH, script: `${folder}/configure`, lasts: 20 },
      { parent: actor.draw.chance(0.5) ? pip : python },
    );
  }
};

/** Of each tool the ports, and the median seconds that it runs. */
const netTools: Readonly<Record<string, { readonly ports: readonly number[]; readonly lasts: number }>> = {
  ssh: { ports: [22, 22, 22, 2222], lasts: 400 },
  scp: { ports: [22], lasts: 15 },
  rsync: { ports: [22, 873], lasts: 60 },
  curl: { ports: [443, 443, 80, 8080, 8443, 9200], lasts: 4 },
  wget: { ports: [443, 80], lasts: 20 },
  nc: { ports: [25, 80, 443, 5432, 6379, 8080, 9000], lasts: 30 },
  nmap: { ports: [22, 80, 443], lasts: 40 },
  openssl: { ports: [443, 993, 8443], lasts: 15 },
  telnet: { ports: [23, 25, 80], lasts: 30 },
  psql: { ports: [5432], lasts: 300 },
  mysql: { ports: [3306], lasts: 300 },
  'redis-cli': { ports: [6379], lasts: 120 },
  sftp: { ports: [22], lasts: 120 },
  dig: { ports: [], lasts: 1 },
  ping: { ports: [], lasts: 12 },
  traceroute: { ports: [], lasts: 20 },
  mtr: { ports: [], lasts: 60 },
};

export const netTool: Deed = (actor, own) => {
  const name = own.pick(Object.keys(netTools));
  const { ports, lasts } = netTools[name]!;
  const address = own.chance(0.5) ? `10.20.${own.whole(1, 40)}.${own.whole(2, 250)}` : anyAddress(own);
  actor.type(withArguments(name, actor.draw), { lasts });
  if (ports.length > 0) actor.connect(address, own.pick(ports), name, `/usr/bin/${name}`, lasts);
  if (name === 'ssh') actor.read(`${homeOf(actor)}/.ssh/known_hosts`, name, '/usr/bin/ssh', 3);
};

export const install: Deed = (actor, own) => {
  const name = toolName(own);
  const asRoot = true;
  const apt = actor.enter(own.chance(0.8) ? `sudo apt install ${name}` : 'sudo apt upgrade', { lasts: 40 });
  actor.run('http', { path: '/usr/lib/apt/methods/http', lasts: 12 }, { parent: apt, asRoot });
  const dpkg = actor.wait(12).start('dpkg', { lasts: 15 }, { parent: apt, asRoot });
  const postinst = `${name}.postinst`;
  actor.run(postinst, { path: DASH, script: `/var/lib/dpkg/info/${postinst}`, lasts: 5 }, { parent: dpkg, asRoot });
};

export const container: Deed = (actor, own) => {
  const [name = '', path = '', port = 0] = own.pick([
    ['postgres', '/usr/lib/postgresql/16/bin/postgres', 5432],
    ['redis-server', '/usr/local/bin/redis-server', 6379],
    ['node', '/usr/local/bin/node', 3000],
    ['nginx', '/usr/sbin/nginx', 8080],
    ['python3', '/usr/local/bin/python3.12', 8000],
    ['sh', '/bin/busybox', 0],
  ] as const);
  const podman = actor.enter(`podman run ${name}`, { lasts: 12, connects: { packages: 0.4 } });
  const lasts = own.logNormal(3000, 1);
  const conmon = actor.start('conmon', { lasts }, { parent: actor.session.manager, byManager: true });
  // Its file lies in the image, where osquery on the host does not see it.
  actor.run(name, { path, lasts }, { parent: conmon, byManager: true, onDisk: false });
  if (port === 0) return;
  const rootlessport = '/usr/lib/podman/rootlessport';
  actor.run('rootlessport', { path: rootlessport, lasts }, { parent: podman, byManager: true });
  actor.listen(port + (own.chance(0.3) ? own.whole(1, 9) : 0), 'rootlessport', rootlessport, lasts);
};

export const devServer: Deed = (actor, own) => {
  const lasts = own.logNormal(2400, 1);
  const address = own.chance(0.6) ? '127.0.0.1' : own.pick(['0.0.0.0', '::']);
  const port = own.chance(0.8)
    ? own.pick([3000, 3001, 4000, 4200, 5000, 5173, 8000, 8080, 8888, 9000])
    : own.whole(3000, 9999);
  const kind = own.pick(['npm', 'npm', 'python3', 'hugo', 'java', 'php', 'own']);
  if (kind === 'npm') {
    const npm = actor.enter('npm run dev', { path: '/usr/bin/node', script: '/usr/bin/npm', lasts });
    const sh = actor.start('sh', { path: DASH, lasts }, { parent: npm });
    const vite = `${homeOf(actor)}/src/${spelled(own)}/node_modules/.bin/vite`;
    actor.run('node', { path: '/usr/bin/node', script: vite, lasts }, { parent: sh });
    actor.listen(port, 'node', '/usr/bin/node', lasts, address);
    return;
  }
  const name = kind === 'own' ? spelled(own) : kind;
  const path = kind === 'own' ? `${homeOf(actor)}/src/${name}/target/debug/${name}` : `/usr/bin/${name}`;
  actor.type(kind === 'own' ? `./${name} serve` : `${name} serve`, { path, lasts });
  actor.listen(port, name, path, lasts, address);
};

/** What a terminal or file manager was given to run from ~/Downloads. */
export const downloaded = (
  actor: Actor,
  own: Draw,
  ending: string,
): { readonly name: string; readonly file: string } => {
  const name = toolName(own);
  return { name, file: `${homeOf(actor)}/Downloads/${name}-${version(own)}${ending}` };
};
