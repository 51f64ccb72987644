import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { withoutSecrets } from '../../../src-main/engine/reading/masking/mask.ts';
import { defaultPack, readPack } from '../../../src-main/engine/reading/pack.ts';
import { lineParser } from '../../../src-main/engine/reading/parse-line.ts';
import { forms, key, plainSecret } from './planted.ts';

describe('a secret is replaced, and the command keeps its shape', () => {
  it.each(forms)('%s', (form) => {
    fc.assert(
      fc.property(plainSecret, (secret) => {
        const masked = withoutSecrets(form.replace('§', () => secret));
        expect(masked).not.toContain(secret);
        expect(masked).toContain('***');
        // The same command with another secret is the same command.
        expect(masked).toBe(withoutSecrets(form.replace('§', 'Another-0ne')));
        expect(withoutSecrets(masked)).toBe(masked);
        expect(masked.split(/[ =[]/)[0]).toBe(form.split(/[ =[]/)[0]);
      }),
    );
  });

  it.each([
    ['export A="a b" B=2; ls -l', 'export A=*** B=*** ls -l'],
    ['git clone https://bob:p@ss/w@host/x.git', 'git clone https://bob:***@host/x.git'],
    ['curl "https://h/?token=abc&x=1"', 'curl "https://h/?token=***&x=1"'],
    ['curl -d \'{"password":"x","user":"b"}\' h', 'curl -d \'{"password":***\' h'],
    ['bash -c "curl -H \\"Authorization: Bearer x\\" h"', 'bash -c "curl -H \\"Authorization: Bearer *** ***"'],
    ['aws configure set aws_access_key_id AKIAIOSFODNN7EXAMPLE', 'aws configure set aws_access_key_id ***'],
    ['echo wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', 'echo ***'],
    ['curl https://h/hooks/5f4dcc3b5aa765d61d8327deb882cf99/x', 'curl https://h/hooks/***/x'],
    ['curl -H Authorization: Basic dXNlcg h', 'curl -H Authorization: Basic *** h'],
    ['mysql --password -u root', 'mysql --password -u root'],
    ['smbclient //h/s -U bob%pw', 'smbclient //h/s -U bob%***'],
  ])('%s', (typed, kept) => {
    expect(withoutSecrets(typed)).toBe(kept);
  });
});

it.each([
  'ls -la --color=auto /usr/lib/x86_64-linux-gnu/libstdc++.so.6.0.30',
  'dd if=/dev/sda of=/tmp/x bs=1M',
  'git commit -m "fix: handle A=b in parser"',
  'git log --author=bob --pretty=format:%h --since=2026-01-01T10:00:00',
  'ssh -p 22 bob@host uptime',
  'docker run -p 8080:80 --name web nginx:1.27',
  'mkdir -p build/very-long-folder-name/another-long-folder-name',
  'psql postgres://host:5432/db',
  'rsync -avz host:dir/ /x --password-file=/etc/rsync.secret',
  'gcc -O2 -DNDEBUG=1 -I/usr/include -o foo foo.c',
  'systemctl --user status pipewire.service',
  'apt-get install linux-headers-6-8-0-31-generic python3-setuptools',
  'java -cp lib org.example.HelloWorldApplication',
  'vim src/main/java/com/example/TokenizerFactory.java',
  'set -ex; make all',
  'tar --exclude=node_modules -czf a.tgz .',
  'python3 -m http.server 8080',
])('what holds no secret stays as it is: %s', (command) => {
  expect(withoutSecrets(command)).toBe(command);
});

it('keys are known wherever they stand, by how they look', () => {
  const places = fc.constantFrom(
    'tool §',
    'tool -x §',
    '§',
    'tool "a §"',
    'tool a,§',
    'tool x=§',
    'curl https://h/?x=§',
  );
  fc.assert(
    fc.property(places, key, (place, secret) => {
      const masked = withoutSecrets(place.replace('§', () => secret));
      expect(masked).toContain('***');
      expect(masked).not.toContain(secret.slice(0, 12));
    }),
    { numRuns: 500 },
  );
});

describe('hostile text', () => {
  const pieces = [
    ...['=', 'a=', '"', "'", '"\'', '\\', '://', 'a://b:x/', 'a:b@', 'aB3/', ' -p', ' --password', 'password='],
    ...['"password":', '" \'', ' Authorization:', ' Bearer ', ' set -x', '((', '[', 'A[', '?&', 'a;', '\u2028', '😀'],
    ...['mysql ', ' sudo', '\n', '\0', '://u:p@h?', '***'],
  ];

  it('is masked in one go, however long', () => {
    for (const piece of pieces) {
      for (const start of ['', 'A="', 'curl -u ', 'mysql -p'])
        expect(typeof withoutSecrets(start + piece.repeat(2 ** 18 / piece.length))).toBe('string');
    }
    // What looks at everything before for each character takes minutes.
  }, 30_000);

  it('breaks nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces, 'x', ' '), { maxLength: 40 }), (parts) => {
        const masked = withoutSecrets(parts.join(''));
        expect(masked.length).toBeLessThanOrEqual(3 * parts.join('').length + 3);
      }),
      { numRuns: 2000 },
    );
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void withoutSecrets(text)));
  });

  it('hides no secret that is assigned at its start', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces, 'x', ' '), { maxLength: 20 }), (parts) => {
        expect(withoutSecrets(`KEY=hidden${parts.join('')}`)).not.toContain('hidden');
      }),
    );
  });
});

describe('which columns', () => {
  const T = 1_750_000_000;
  const read = (parse: ReturnType<typeof lineParser>, name: string, columns: object): unknown => {
    const parsed = parse(JSON.stringify({ name, unixTime: T, columns, action: 'added' }));
    return parsed.ok && parsed.actions[0]!.columns;
  };

  it.each(['verb', 'cmd', 'cmdline', 'command', 'command_line', 'argv', 'arguments', 'parent_cmdline', 'args'])(
    '%s, by its name, of any query',
    (column) => {
      expect(read(lineParser(defaultPack()), 'pack_x_y', { [column]: 'mysql -pSECRET', path: 'KEY=x' })).toEqual({
        [column]: 'mysql -p***',
        path: 'KEY=x',
      });
    },
  );

  it('those that the pack calls commands', () => {
    const columns = { typed: 'command', note: 'word' };
    const queries = { mine: { learn: { label: 'Mine', importance: 5, columns } } };
    const parse = lineParser(readPack({ 'mine.json': { queries } }));
    expect(read(parse, 'pack_x_mine', { typed: 'KEY=x ls', note: 'KEY=x ls' })).toEqual({
      typed: 'KEY=*** ls',
      note: 'KEY=x ls',
    });
  });

  it('a list of arguments is one command', () => {
    const parse = lineParser(defaultPack());
    expect(read(parse, 'pack_x_y', { argv: ['mysql', '--password', 'x', 1] })).toEqual({
      argv: 'mysql --password *** 1',
    });
    expect(read(parse, 'pack_x_y', { argv: [['KEY=x']] })).toEqual({ argv: '[["KEY=x"]]' });
  });
});

it('the reason of a refusal quotes nothing of the line', () => {
  const parse = lineParser(defaultPack());
  const line = '{"name":"x","unixTime":1750000000,"columns":{"cmdline":"mysql -phunter2" hunter2';
  for (let end = 1; end < line.length; end++) {
    const parsed = parse(line.slice(0, end));
    expect(parsed.ok ? '' : parsed.detail).not.toContain('hunter');
  }
  expect(parse('hunter2 is no JSON')).toMatchObject({ refusal: 'not-json', detail: "Unexpected token 'h'" });
});
