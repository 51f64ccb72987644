import type { Draw } from './draw.ts';
import type { Device, Happening, Running } from './happening.ts';
import type { Person } from './people.ts';
import { builtins, commands, desktopPrograms, type Program, type Starts } from './programs.ts';
import { addressOf, ports, type Service } from './sites.ts';
import type { World } from './world.ts';

/** A login session. */
export interface Session {
  readonly number: number;
  /** The desktop, or the shell of a remote login: the parent of what is started from menu and panel. */
  readonly leader: Running;
  /** The user's `systemd --user`: the parent of services, and of what lost its own parent. */
  readonly manager: Running;
  readonly ends: number;
  /** Of each program's name the process that was started last. */
  readonly pids: Map<string, number>;
  /** The shell that is typed into, once one is open, and since when: the parent of all that is typed. */
  shell?: Running & { readonly since?: number };
}

/** What an actor does may be another's doing. */
export interface Role {
  readonly person: Person;
  readonly session: Session;
  readonly time: number;
  readonly attack?: string;
}

/** How a program is started. The leader of the session is its parent, unless told otherwise. */
export interface Start {
  readonly asRoot?: boolean;
  readonly onDisk?: boolean;
  readonly parent?: Running;
  readonly byManager?: boolean;
  /** Drawn when not given. */
  readonly pid?: number;
}

/** Somebody at a keyboard: does things one after the other, and remembers them as what happened. */
export class Actor {
  readonly person: Person;
  readonly session: Session;
  readonly draw: Draw;
  readonly happened: Happening[] = [];
  time: number;
  readonly world: World;
  readonly #attack: string | undefined;

  constructor(world: World, draw: Draw, { person, session, time, attack }: Role) {
    this.world = world;
    this.draw = draw;
    this.person = person;
    this.session = session;
    this.time = time;
    this.#attack = attack;
  }

  wait(median: number, sigma = 1.1): this {
    this.time += this.draw.logNormal(median, sigma);
    return this;
  }

  /** The shell that is typed into: a terminal is opened for it when there is none. */
  shell(): Running {
    const { session } = this;
    if (!session.shell || (session.shell.since ?? 0) > this.time) {
      const terminal = this.start('xfce4-terminal', { lasts: -1 });
      session.shell = { ...this.start('bash', { lasts: -1 }, { parent: terminal }), since: this.time };
    }
    return { pid: session.shell.pid, name: session.shell.name };
  }

  /** Types a command into the shell: it is remembered, runs as the shell's child, and does what such a command does. @returns what runs, the shell for what it does itself */
  enter(command: string, program?: Program): Running {
    const shell = this.shell();
    const [word = '', next] = command.split(' ');
    this.#emit({ kind: 'command', command, ...this.#at(0) });
    if (word === 'sudo') {
      const sudo = this.start('sudo', commands.sudo!, { asRoot: true, parent: shell });
      if (next === undefined || builtins.has(next) || next.startsWith('-')) return sudo;
      return this.start(next.slice(next.lastIndexOf('/') + 1), program ?? commands[next] ?? { lasts: 1 }, {
        asRoot: true,
        parent: sudo,
      });
    }
    if (builtins.has(word)) return shell;
    const ran = this.start(word.slice(word.lastIndexOf('/') + 1), program ?? commands[word] ?? { lasts: 1 }, {
      parent: shell,
    });
    const { lasts = 0 } = commands[word] ?? {};
    for (let n = lasts > 20 ? this.draw.whole(0, 3) : 0; n > 0; n--) {
      this.read(`/home/${this.person.name}/sources/${this.draw.rank(600)}`, word, `/usr/bin/${word}`, lasts);
    }
    return ran;
  }

  /** The same, for those who go on with the actor. */
  type(command: string, program?: Program): this {
    this.enter(command, program);
    return this;
  }

  /** Starts a program, its helpers, its connections and its files. @returns it, as its children name it */
  start(
    name: string,
    program: Program,
    { asRoot = false, onDisk = true, parent = this.session.leader, byManager, pid = this.newPid() }: Start = {},
  ): Running {
    const { path = `/usr/bin/${name}`, lasts, starts = {}, connects = {}, opens = [], script } = program;
    const seconds = lasts < 0 ? this.session.ends - this.time : Math.max(0.2, this.draw.logNormal(lasts, 0.7));
    const at = this.#at(seconds);
    const real = this.world.pathAt(path, this.time);
    const kept = { ...(script !== undefined && { script }), ...(byManager && { byManager }) };
    this.#emit({ kind: 'process', pid, name, path: real, parent, asRoot, onDisk, ...kept, ...at });
    this.session.pids.set(name, pid);
    const running = { pid, name };
    this.#startHelpers(starts, { path, lasts }, { asRoot, parent: running });
    for (const [service, expected] of Object.entries(connects)) {
      for (let n = this.#times(expected); n > 0; n--) this.reach(service as Service, name, real);
    }
    for (const file of opens) this.read(`/home/${this.person.name}/${file}`, name, real, seconds);
    return running;
  }

  /** The same, for those who go on with the actor. */
  run(name: string, program: Program, start?: Start): this {
    this.start(name, program, start);
    return this;
  }

  /** What runs already is another's child now, or its file is gone: no start, but a row that changes. @param most seconds that it runs on */
  change(
    was: Happening & { kind: 'process' },
    time: number,
    to: { readonly parent?: Running; readonly onDisk?: boolean },
    most = Infinity,
  ): void {
    const lasts = Math.min(most, was.time + was.lasts - time);
    if (lasts > 0) this.#emit({ ...was, ...to, time, lasts, started: was.started ?? was.time });
  }

  /** A connection of a program to one of a service's machines. */
  reach(service: Service, name: string, path: string): this {
    const address = addressOf(service, this.draw, this.world.tasteOf(this.person, this.time));
    return this.connect(address, ports[service] ?? (this.draw.chance(0.05) ? 80 : 443), name, path);
  }

  connect(address: string, port: number, name: string, path: string, median = 70): this {
    const localPort = this.draw.whole(32_768, 60_999);
    const at = this.#at(this.draw.logNormal(median, 1.2));
    const { pid } = this.running(name);
    this.#emit({ kind: 'socket', name, path, address, port, localPort, pid, ...at });
    return this;
  }

  /** @param address all of the machine's own, when not given */
  listen(port: number, name: string, path: string, seconds: number, address?: string): this {
    this.#emit({
      kind: 'listening',
      name,
      path,
      port,
      ...(address !== undefined && { address }),
      ...this.#at(seconds),
    });
    return this;
  }

  read(path: string, name: string, exe: string, seconds: number): this {
    this.#emit({ kind: 'file', name, exe, path, ...this.#at(seconds) });
    return this;
  }

  plug(device: Device, mount: string | undefined, seconds: number): this {
    this.#emit({ kind: 'device', device, ...(mount !== undefined && { mount }), ...this.#at(seconds) });
    return this;
  }

  /** A row of a table of settings that is there from now on. */
  set(query: string, columns: Readonly<Record<string, string>>, seconds = Infinity): this {
    this.#emit({ kind: 'state', query, columns, ...this.#at(seconds) });
    return this;
  }

  /** The login itself. */
  login(tty: string, from: string): this {
    const at = this.#at(this.session.ends - this.time);
    this.#emit({ kind: 'session', tty, from, pid: this.session.leader.pid, ...at });
    return this;
  }

  /** A page in the browser: connections by the dozen, several to each machine, files of the cache, now and then a process. */
  page(): this {
    const { draw } = this;
    const path = this.world.pathAt(desktopPrograms['firefox-esr']!.path!, this.time);
    if (draw.chance(0.2)) {
      this.run('Isolated Web Co', desktopPrograms['Isolated Web Co']!, { parent: this.running('firefox-esr') });
    }
    const taste = this.world.tasteOf(this.person, this.time);
    const machines = Array.from({ length: Math.ceil(draw.logNormal(3, 1.1)) }, () => addressOf('web', draw, taste));
    for (let n = Math.ceil(machines.length * draw.logNormal(2.2, 0.4)); n > 0; n--) {
      this.connect(draw.pick(machines), draw.chance(0.08) ? 80 : 443, 'firefox-esr', path, 30);
    }
    for (let n = Math.floor(draw.logNormal(1.5, 1)); n > 0; n--) {
      this.read(
        `/home/${this.person.name}/.cache/mozilla/firefox/main/cache2/entries/${draw.rank(9000)}`,
        'firefox-esr',
        path,
        60,
      );
    }
    return this;
  }

  document(): this {
    const { name } = this.person;
    const [program, folder, ending] =
      this.person.role === 'designer' ? ['gimp', 'Pictures', 'xcf'] : ['soffice.bin', 'Documents', 'odt'];
    const path = `/home/${name}/${folder}/${this.draw.rank(300)}.${ending}`;
    const of = desktopPrograms[program]!;
    if (this.draw.chance(0.2)) this.run(program, { ...of, opens: [] });
    return this.read(path, program, of.path!, this.draw.logNormal(400, 1));
  }

  /** A program that runs in the session, as its children name it. */
  running(name: string): Running {
    return { pid: this.session.pids.get(name) ?? this.session.leader.pid, name };
  }

  newPid(): number {
    return this.draw.whole(2000, 400_000);
  }

  #startHelpers(starts: Starts, same: Program, start: Start): void {
    for (const [name, expected] of Object.entries(starts)) {
      const [times, own] = typeof expected === 'number' ? [expected, undefined] : [expected.times, expected.starts];
      for (let n = this.#times(times); n > 0; n--) {
        const helper = desktopPrograms[name] ?? commands[name] ?? same;
        this.start(name, { ...helper, starts: own ?? {} }, start);
      }
    }
  }

  #times(expected: number): number {
    return Math.floor(expected) + (this.draw.chance(expected % 1) ? 1 : 0);
  }

  #at(seconds: number): Pick<Happening, 'time' | 'host' | 'uid' | 'user' | 'lasts' | 'session' | 'attack'> {
    const { host, uid, name } = this.person;
    return {
      time: this.time,
      host,
      uid,
      user: name,
      lasts: Math.max(0, seconds),
      session: this.session.number,
      ...(this.#attack !== undefined && { attack: this.#attack }),
    };
  }

  #emit(happening: Happening): void {
    this.happened.push(happening);
  }
}
