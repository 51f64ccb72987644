import { visible } from './visible-text.ts';

/** A value, and which of a metric's series it is of. */
export type Sample = readonly [labels: Readonly<Record<string, string>>, value: number];

/** A metric as Prometheus reads it (text format 0.0.4): its lines, none without a sample. */
export function metric(name: string, type: 'gauge' | 'counter', help: string, samples: readonly Sample[]): string[] {
  if (samples.length === 0) return [];
  // The same reason in several logs, and two names that look alike, are one sample: of twice the same labels Prometheus
  // refuses the whole answer, so whoever chooses a name could blind it.
  const values = new Map<string, number>();
  for (const [labels, value] of samples) {
    const told = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
    const series = `${name}${told.length > 0 ? `{${told.join(',')}}` : ''}`;
    const before = values.get(series);
    values.set(series, before === undefined ? value : type === 'counter' ? before + value : Math.max(before, value));
  }
  const rows = [...values].map(([series, value]) => `${series} ${value}\n`);
  return [`# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`, ...rows];
}

/** A label's value: a monitor's page and its terminal show it as it is. */
const escaped = (text: string): string => visible(text).replace(/[\\"]/g, '\\$&');
