import type { Draw } from './draw.ts';
import type { Device, Happening } from './happening.ts';
import type { Person } from './people.ts';
import { builtins, commands, desktopPrograms, type Program } from './programs.ts';
import { addressOf, ports, type Service } from './sites.ts';
import type { World } from './world.ts';

/** A login session. */
export interface Session {
  readonly number: number;
  /** Of its shell or desktop: the parent of what is started in it. */
  readonly pid: number;
  readonly shell: string;
  readonly ends: number;
}

/** What an actor does may be another's doing. */
export interface Role {
  readonly person: Person;
  readonly session: Session;
  readonly time: number;
  readonly attack?: string;
}

/** Somebody at a keyboard: does things one after the other, and remembers them as what happened. */
export class Actor {
  readonly person: Person;
  readonly session: Session;
  readonly draw: Draw;
  readonly happened: Happening[] = [];
  time: number;
  readonly #world: World;
  readonly #attack: string | undefined;

  constructor(world: World, draw: Draw, { person, session, time, attack }: Role) {
    this.#world = world;
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

  /** Types a command into the shell: it is remembered, runs, and does what such a command does. */
  type(command: string, program?: Program): this {
    const words = command.split(' ');
    const asRoot = words[0] === 'sudo';
    this.#emit({ kind: 'command', command, ...this.#at(0) });
    for (const word of asRoot ? words.slice(0, 2) : words.slice(0, 1)) {
      if (!builtins.has(word)) this.run(word, program ?? commands[word] ?? { lasts: 1 }, { asRoot });
    }
    const { lasts = 0 } = commands[words[0]!] ?? {};
    for (let n = lasts > 20 ? this.draw.whole(0, 3) : 0; n > 0; n--) {
      this.read(`/home/${this.person.name}/sources/${this.draw.rank(600)}`, words[0]!, `/usr/bin/${words[0]!}`, lasts);
    }
    return this;
  }

  /** Starts a program, its helpers, its connections and its files. */
  run(
    name: string,
    { path = `/usr/bin/${name}`, lasts, starts = {}, connects = {}, opens = [] }: Program,
    { asRoot = false, onDisk = true, parent = { pid: this.session.pid, name: this.session.shell } } = {},
  ): this {
    const seconds = lasts < 0 ? this.session.ends - this.time : Math.max(0.2, this.draw.logNormal(lasts, 0.7));
    const at = this.#at(seconds);
    const pid = this.draw.whole(2000, 400_000);
    const real = this.#world.pathAt(path, this.time);
    this.#emit({ kind: 'process', pid, name, path: real, parent, asRoot, onDisk, ...at });
    for (const [child, expected] of Object.entries(starts)) {
      for (let n = this.#times(expected); n > 0; n--) {
        const helper = desktopPrograms[child] ?? commands[child] ?? { path, lasts };
        this.run(child, { ...helper, starts: {} }, { asRoot, parent: { pid, name } });
      }
    }
    for (const [service, expected] of Object.entries(connects)) {
      for (let n = this.#times(expected); n > 0; n--) this.reach(service as Service, name, real);
    }
    for (const file of opens) this.read(`/home/${this.person.name}/${file}`, name, real, seconds);
    return this;
  }

  /** A connection of a program to one of a service's machines. */
  reach(service: Service, name: string, path: string): this {
    const address = addressOf(service, this.draw, this.#world.tasteOf(this.person, this.time));
    return this.connect(address, ports[service] ?? (this.draw.chance(0.05) ? 80 : 443), name, path);
  }

  connect(address: string, port: number, name: string, path: string, median = 70): this {
    const localPort = this.draw.whole(32_768, 60_999);
    const at = this.#at(this.draw.logNormal(median, 1.2));
    this.#emit({ kind: 'socket', name, path, address, port, localPort, ...at });
    return this;
  }

  listen(port: number, name: string, path: string, seconds: number): this {
    this.#emit({ kind: 'listening', name, path, port, ...this.#at(seconds) });
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
    this.#emit({ kind: 'session', tty, from, pid: this.session.pid, ...at });
    return this;
  }

  /** A page in the browser: connections by the dozen, several to each machine, files of the cache, now and then a process. */
  page(): this {
    const { draw } = this;
    const path = this.#world.pathAt(desktopPrograms['firefox-esr']!.path!, this.time);
    if (draw.chance(0.2)) this.run('Isolated Web Co', desktopPrograms['Isolated Web Co']!);
    const taste = this.#world.tasteOf(this.person, this.time);
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

  #times(expected: number): number {
    return Math.floor(expected) + (this.draw.chance(expected % 1) ? 1 : 0);
  }

  #at(seconds: number): Pick<Happening, 'time' | 'host' | 'uid' | 'user' | 'lasts' | 'session' | 'attack'> {
    const { host, uid, name } = this.person;
    return {
      ...{ time: this.time, host, uid, user: name, lasts: Math.max(0, seconds), session: this.session.number },
      ...(this.#attack !== undefined && { attack: this.#attack }),
    };
  }

  #emit(happening: Happening): void {
    this.happened.push(happening);
  }
}
