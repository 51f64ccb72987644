import fc from 'fast-check';

/** How a secret is given on a command line, with § in its place. */
export const forms = [
  'export KEY=§',
  'export A=1 KEY="§"; ls',
  'env KEY=§ cmd',
  'env -u HOME KEY=§ cmd',
  'sudo -u bob KEY=§ cmd',
  'set KEY=§',
  'set -gx TOKEN §',
  'setenv TOKEN §',
  'declare -x KEY=§',
  'echo hi && KEY=§ ./run',
  'KEY[0]=§ cmd',
  'mysql --password=§ -u root',
  'mysql -u root --password § db',
  'mysql -h db -p§ shop',
  '/usr/bin/mysqldump -p§ shop',
  'docker exec db mysql -uroot -p§',
  'gh auth --token §',
  'tool -password § -v',
  'tool --api-key=§ --verbose',
  'java -DdbPassword=§ -jar a.jar',
  'sshpass -p § ssh -p 22 bob@host',
  'sshpass -p§ ssh bob@host',
  'docker login -u bob -p § registry',
  'docker run -e KEY=§ image',
  'redis-cli -a § ping',
  'ldapsearch -D cn=bob -w § -b dc=x',
  'curl -u bob:§ https://host/',
  'curl -ubob:§ https://host/',
  'curl --user=bob:§ https://host/',
  'curl -H "Authorization: Bearer §" https://host/',
  "curl -H 'Authorization: Basic §' https://host/",
  'curl -H "X-Api-Key: §" https://host/',
  'curl -HX-Api-Key:§ https://host/',
  // As /proc shows it, without the quotes.
  'curl -H Authorization: Bearer § https://host/',
  'curl -H Authorization: § https://host/',
  'tool Bearer §',
  'curl -d {"password":"§"} https://host/',
  'curl https://host/?a=1&access_token=§&b=2',
  'git clone https://bob:§@host/x.git',
  'psql postgres://bob:§@host:5432/db?sslmode=off',
  'curl -x bob:§@proxy:8080 host',
  'openssl enc -passin pass:§ -in x',
  'bash -c "KEY=§ cmd"',
  'bash -c "mysql -p§ shop"',
  'ssh host "export KEY=§; cmd"',
  'kubectl create secret generic x --from-literal=password=§',
] as const;

/** Of characters that need no quotes; long enough that it is not in a form by chance. */
export const plainSecret = fc
  .string({ unit: fc.constantFrom(...Array.from('abcxyzABCXYZ0189_.+-,%!')), minLength: 8, maxLength: 40 })
  .filter((text) => !text.startsWith('-'));

const bytes = fc.uint8Array({ minLength: 18, maxLength: 60 }).map((array) => Buffer.from(array));
const drawn = (alphabet: string, count: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...Array.from(alphabet)), minLength: count, maxLength: count });
const upper = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** Keys that are known as such wherever they stand; left out is what by chance looks otherwise: even, or as a path. */
export const key: fc.Arbitrary<string> = fc.oneof(
  fc.noBias(drawn('0123456789abcdef', 40)).filter((text) => /\d/.test(text)),
  fc.noBias(drawn(`${upper}${upper.toLowerCase()}0123456789+/`, 40)).filter(isMixed),
  fc
    .noBias(drawn(`${upper}234567`, 16))
    .filter((text) => /\d/.test(text))
    .map((text) => `AKIA${text}`),
  fc
    .noBias(drawn(`${upper}${upper.toLowerCase()}0123456789`, 36))
    .filter(isMixed)
    .map((text) => `ghp_${text}`),
  fc
    .noBias(bytes)
    .map((array) => array.toString('base64'))
    .filter(isMixed),
);

/** As the law for random-looking text needs it: all kinds of characters, and not in long runs of one. */
function isMixed(text: string): boolean {
  const changes = text.match(/[a-z](?=[A-Z0-9])|[A-Z](?=[a-z0-9])|\d(?=[A-Za-z])/g)?.length ?? 0;
  return (
    !text.startsWith('/') &&
    /[a-z]/.test(text) &&
    /[A-Z]/.test(text) &&
    /\d/.test(text) &&
    text.length >= 24 &&
    changes >= 0.4 * text.length
  );
}
