import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

const YEARS = 10;
const ECDSA_WITH_SHA256 = '1.2.840.10045.4.3.2';
const COMMON_NAME = '2.5.4.3';
const BASIC_CONSTRAINTS = '2.5.29.19';
const ALTERNATIVE_NAMES = '2.5.29.17';

/** Tags of DER, ITU-T X.690. */
const tags = { boolean: 0x01, integer: 0x02, bits: 0x03, octets: 0x04, oid: 0x06, utf8: 0x0c, time: 0x18 } as const;
const SEQUENCE = 0x30;
const SET = 0x31;
/** [2] and [7] of GeneralName, [0] and [3] of TBSCertificate: RFC 5280, 4.1 and 4.2.1.6. */
const DNS = 0x82;
const ADDRESS = 0x87;
const VERSION = 0xa0;
const EXTENSIONS = 0xa3;

export interface SelfSigned {
  /** PEM. */
  readonly certificate: string;
  /** PEM, PKCS #8. */
  readonly key: string;
}

/** A certificate of this machine's own address that signs itself (X.509 v3, P-256), with its key. @param now Unix milliseconds */
export function selfSigned(now: number): SelfSigned {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = sequence(oid(ECDSA_WITH_SHA256));
  const name = sequence(der(SET, sequence(oid(COMMON_NAME), der(tags.utf8, Buffer.from('ubad fleet, local')))));
  const names = sequence(
    der(ADDRESS, Buffer.from([127, 0, 0, 1])),
    der(ADDRESS, Buffer.from([...new Array<number>(15).fill(0), 1])),
    der(DNS, Buffer.from('localhost')),
  );
  const isAuthority = sequence(der(tags.boolean, Buffer.from([0xff])));
  const body = sequence(
    der(VERSION, der(tags.integer, Buffer.from([2]))),
    // Positive, and not zero.
    der(tags.integer, Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    algorithm,
    name,
    sequence(time(now - 86_400_000), time(now + YEARS * 365 * 86_400_000)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(
      EXTENSIONS,
      sequence(
        sequence(oid(BASIC_CONSTRAINTS), der(tags.boolean, Buffer.from([0xff])), der(tags.octets, isAuthority)),
        sequence(oid(ALTERNATIVE_NAMES), der(tags.octets, names)),
      ),
    ),
  );
  const signature = der(tags.bits, Buffer.concat([Buffer.from([0]), sign('sha256', body, privateKey)]));
  const text = sequence(body, algorithm, signature).toString('base64').replace(/.{64}/g, '$&\n').trimEnd();
  return {
    certificate: `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

function der(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const bytes = length < 0x80 ? [] : length < 0x100 ? [length] : [length >> 8, length & 0xff];
  const head = bytes.length === 0 ? [length] : [0x80 | bytes.length, ...bytes];
  return Buffer.concat([Buffer.from([tag, ...head]), content]);
}

const sequence = (...parts: readonly Buffer[]): Buffer => der(SEQUENCE, Buffer.concat(parts));

/** GeneralizedTime. */
const time = (at: number): Buffer =>
  der(tags.time, Buffer.from(`${new Date(at).toISOString().replace(/\D/g, '').slice(0, 14)}Z`));

function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return der(tags.oid, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

function base128(value: number): number[] {
  const bytes = [value & 0x7f];
  for (let left = value >> 7; left > 0; left >>= 7) bytes.unshift((left & 0x7f) | 0x80);
  return bytes;
}
