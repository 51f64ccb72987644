import type { Band } from '../contract/alerts.ts';
import { briefText } from '../contract/story/tell.ts';
import { visible } from '../contract/visible-text.ts';
import { isoOf, PRODUCT, type ExportEvent } from './event.ts';

/** Security and authorization messages. */
const FACILITY = 10;
/** As RFC 5424 numbers them: critical is 2. */
const severities: Readonly<Record<Band, number>> = { low: 5, medium: 4, high: 3, critical: 2 };
/** 32473 is the number that RFC 5612 keeps for who has none of its own. */
const SD_ID = 'ubad@32473';
const BOM = '\uFEFF';
const MOST_HOST = 255;

/** An event as a syslog message of RFC 5424. @param sender the machine that sends it */
export function syslogOf(event: ExportEvent, sender: string): string {
  const { id, alert, change, at, severity, firstTime, lastTime, act, band, count, verdict } = event;
  const parameters = {
    id,
    alert,
    user: event.user,
    host: event.host,
    band,
    severity: severity === null ? '' : severity.toFixed(1),
    windows: String(count),
    start: isoOf(firstTime),
    end: isoOf(lastTime),
    act,
    verdict: verdict ?? 'none',
  };
  const data = Object.entries(parameters).map(([name, value]) => `${name}="${escaped(value)}"`);
  const text = visible(`${briefText(act, 'en')} (${event.user})`);
  const priority = FACILITY * 8 + severities[band];
  const head = `<${priority}>1 ${isoOf(at)} ${hostOf(sender)} ${PRODUCT} - ${change}`;
  return `${head} [${SD_ID} ${data.join(' ')}] ${isAscii(text) ? '' : BOM}${text}`;
}

/** Octet counting, RFC 5425 and 6587: the length in bytes, then the message. */
export const framed = (message: string): string => `${Buffer.byteLength(message)} ${message}`;

const escaped = (value: string): string => visible(value).replace(/["\\\]]/g, '\\$&');

/** A host's name is printable ASCII without blanks; `-`: none. */
function hostOf(name: string): string {
  const plain = name.replace(/[^!-~]/g, '').slice(0, MOST_HOST);
  return plain === '' ? '-' : plain;
}

const isAscii = (text: string): boolean => /^[ -~]*$/.test(text);
