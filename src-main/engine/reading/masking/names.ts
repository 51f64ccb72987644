/** Words in the name of a variable, an option or a header whose value is secret. */
const secret = new Set(
  'password passwd passphrase passcode passkey pass pwd pw secret secrets token bearer credential credentials auth authorization apikey cookie otp passin passout signature sig'.split(
    ' ',
  ),
);
const secretPairs =
  /\b(?:(?:api|access|secret|private|account|encryption|signing|master|license|session|shared|storage|deploy|service) (?:key|token)|session id)\b/;
/** Written together: PGPASSWORD, csrftoken. */
const secretEnding = /(?:password|passwd|passphrase|secret|token|(?:api|access|private|secret|account|master)key|pwd)$/;
/** What is said about a secret is none: --password-file, --auth-type, SSH_AUTH_SOCK. */
const about = new Set(
  'file path dir folder stdin prompt type url uri endpoint length policy ttl expiry env fd helper store mode method host port user username name timeout limit size count manager provider plugin server sock socket agent'.split(
    ' ',
  ),
);
const LONGEST = 64;
/** What all of the above have: most names are none of them, and this is quick. */
const hint = /pass|pw|secret|token|bearer|cred|auth|key|cookie|otp|sig|session/i;

/** Whether a secret's name may be in a text; quick, and true too often. */
export const mayNameSecret = (text: string): boolean => hint.test(text);

/** Whether a name tells that its value is secret: `--api-key`, `PGPASSWORD`, `dbPassword`, `X-Auth-Token`. */
export function isSecretName(name: string): boolean {
  const end = name.slice(-LONGEST);
  if (!hint.test(end)) return false;
  const parts = end
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((part) => part !== '');
  if (about.has(parts.at(-1) ?? '')) return false;
  return parts.some((part) => secret.has(part) || secretEnding.test(part)) || secretPairs.test(parts.join(' '));
}
