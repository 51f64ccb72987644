import { withoutSecrets } from '../../../src-main/engine/reading/masking/mask.ts';
import type { Target } from '../target.ts';

/** Command lines, in whatever quoting. */
export const masking: Target = {
  name: 'masking',
  reaches: /src-main\/engine\/reading\/masking/,
  seeds: [
    ...[
      'mysql -u root -psecret db',
      'curl -u me:pw https://h/?token=abc',
      'export AWS_SECRET_ACCESS_KEY=abc',
      'sudo -u bob X=1 sh -c "psql \'pw\'"',
    ],
    ...[
      'docker exec -e PASSWORD=x db mysql --password x',
      'ssh -i key h "echo a | sshpass -p b ssh c"',
      'git clone https://u:p@h/r',
      'a; b && c | d $(e `f`)',
    ],
    ...[
      'openssl enc -k x -pass pass:y',
      'echo "Authorization: Bearer abcdef" | nc h 1',
      'setenv PW x',
      'net use \\\\h\\s /user:a b',
    ],
  ],
  words: [
    '--password',
    '-p',
    '=',
    'token',
    'Bearer ',
    'PASSWORD=',
    '$(',
    '`',
    '"',
    "'",
    '\\',
    '|',
    ';',
    '&&',
    'mysql',
    'curl',
    'sudo',
    '://',
    '@',
    '-e',
    '***',
  ],
  check(input) {
    const masked = withoutSecrets(input);
    if (masked.length > 4 * input.length + 100) throw new Error(`${input.length} characters became ${masked.length}`);
  },
};
