import type { Action } from '../../models/action.ts';
import { Encoder, type Encoded } from '../../models/features/encode.ts';
import { random } from '../../models/random.ts';

/** A person with habits: chains of programs that follow each other, and now and then a connection. */
export function ordinary(count: number, seed = 1, name: (word: string) => string = (word) => word): Action[] {
  const next = random(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)]!;
  const chains = [
    ['git', 'vim', 'make', 'git'],
    ['cd', 'ls', 'vim'],
    ['make', 'gcc', 'gdb'],
    ['ssh', 'tail', 'exit'],
  ];
  const actions: Action[] = [];
  for (let time = 1_750_000_000; actions.length < count; time += 60) {
    for (const program of pick(chains)) {
      const columns = { name: name(program), path: `/usr/bin/${name(program)}`, uid: '1000' };
      actions.push({ query: 'programs', change: 'added', time: (time += 5), columns });
    }
    if (next() < 0.5) {
      const columns = { remote_address: `192.0.2.${Math.floor(next() * 6)}`, remote_port: '443' };
      actions.push({ query: 'connections', change: 'added', time, columns });
    }
  }
  return actions.slice(0, count);
}

/** Someone else: other programs, other order, other places. */
export function stranger(count: number): Action[] {
  const programs = ['id', 'who', 'nc', 'curl', 'tar', 'base64', 'find', 'ss', 'crontab', 'sudo'];
  return Array.from({ length: count }, (_, i): Action => {
    const time = 1_760_000_000 + i * 7;
    if (i % 5 === 4) {
      const columns = { remote_address: `203.0.113.${i % 40}`, remote_port: String(4000 + (i % 7)) };
      return { query: 'connections', change: 'added', time, columns };
    }
    const program = programs[(i * 7) % programs.length]!;
    return {
      query: 'programs',
      change: 'added',
      time,
      columns: { name: program, path: `/usr/bin/${program}`, uid: '1000' },
    };
  });
}

/** A past, more of the same, and a stranger, numbered by one encoder. */
export function people(past = 1600): { past: Encoded[]; later: Encoded[]; anomalous: Encoded[] } {
  const encoder = new Encoder(new Map());
  const encode = (actions: Action[]): Encoded[] => actions.map((action) => encoder.encode(action));
  const own = encode(ordinary(past + 300));
  return { past: own.slice(0, past), later: own.slice(past), anomalous: encode(stranger(120)) };
}
