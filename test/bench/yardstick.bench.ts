import { type Bench, throughput } from '../../scripts/bench/bench.ts';

const LINES = 20_000;

/** What no reader of the log can beat: JSON.parse alone, on lines like osquery's. */
const yardstick: Bench = {
  name: 'yardstick',
  async run() {
    const lines = Array.from({ length: LINES }, (_, index) => lineOf(index));
    const samples = await throughput(LINES, () => {
      for (const line of lines) JSON.parse(line);
    });
    return [{ what: 'JSON.parse of an event line', unit: 'lines/s', samples }];
  },
};
export default yardstick;

function lineOf(index: number): string {
  return JSON.stringify({
    name: 'pack_ubad_process_start',
    hostIdentifier: 'workstation',
    calendarTime: 'Mon Nov  2 09:00:00 2026 UTC',
    unixTime: 1_793_610_000 + index,
    epoch: 0,
    counter: index,
    numerics: false,
    columns: {
      pid: String(1000 + index),
      uid: '1000',
      path: `/usr/bin/tool${index % 97}`,
      cmdline: `tool --run ${index}`,
    },
    action: 'added',
  });
}
