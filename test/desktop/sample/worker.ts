/** Reads the log from its beginning and calls strange what has "strange" in it. */
import { watch } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FromEngine, ToEngine } from './messages.ts';

const post = (message: FromEngine): void => {
  process.parentPort.postMessage(message);
};

async function follow(log: string): Promise<void> {
  const file = await open(log, 'r');
  let events = 0;
  let rest = '';
  const read = async (): Promise<void> => {
    rest += String((await file.read(Buffer.alloc(65_536), 0, 65_536, null)).buffer).replaceAll('\0', '');
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      events++;
      const [user = '', action = ''] = line.split('\t');
      if (action.includes('strange')) post({ kind: 'strange', user, action });
    }
    post({ kind: 'read', events });
  };
  let reading = read();
  watch(log, () => {
    reading = reading.then(read);
  });
}

process.parentPort.on('message', (event: { readonly data: ToEngine }) => {
  void follow(event.data.log);
});
