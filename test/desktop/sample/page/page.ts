import type { SampleBridge, Status } from '../messages.ts';

const bridge = (globalThis as unknown as { readonly sample: SampleBridge }).sample;
let status: Status | undefined;

function draw(): void {
  const id = Number(/^#\/alerts\/(\d+)$/.exec(location.hash)?.[1]);
  const alert = status?.alerts.find((one) => one.id === id);
  write('status', `${status?.events ?? 0} events, ${status?.alerts.length ?? 0} alerts`);
  write('alert', alert === undefined ? '' : `${alert.user}: ${alert.action}`);
}

function write(id: string, text: string): void {
  document.getElementById(id)!.textContent = text;
}

function take(news: Status): void {
  status = news;
  draw();
}

addEventListener('hashchange', draw);
bridge.onStatus(take);
bridge.onGoTo((hash) => {
  location.hash = hash;
});
take(await bridge.ask('status'));
