/**
 * What the preload script is to the desktop's window, for a page in a browser: `window.bridge`, over HTTP. The token is kept
 * by the page's own storage, which belongs to this address and port alone; a cookie would go to every port of this machine.
 */
import type { Bridge, Events } from '../src-main/contract/contract.ts';
import type { Answer } from '../src-main/contract/ipc.ts';

const TOKEN = 'ubad-token';
/** What gives a new address: the page says so, where it is another. */
const command =
  (typeof document === 'undefined' ? undefined : document.documentElement.dataset.command) ?? 'ubad serve';
const down: Answer = { ok: false, code: 'worker-down', message: 'ubad does not answer; is it still running?' };
const locked: Answer = {
  ok: false,
  code: 'refused',
  message: `This page is locked. Run “${command}” in a terminal and open the address that it names.`,
};

const token = session();

/** The token: the one of before, or what the address's key gives. Undefined: this page may ask nothing. */
async function session(): Promise<string | undefined> {
  const key = /^#key=([\w-]+)$/.exec(location.hash)?.[1];
  if (key === undefined) return sessionStorage.getItem(TOKEN) ?? undefined;
  history.replaceState(null, '', '#/');
  const given = await post('session', undefined, { key }).catch(() => undefined);
  if (!given?.ok) return undefined;
  const { token: fresh } = (await given.json()) as { readonly token: string };
  sessionStorage.setItem(TOKEN, fresh);
  return fresh;
}

function post(name: string, bearer: string | undefined, body: unknown): Promise<Response> {
  return fetch(`/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }) },
    body: JSON.stringify(body),
  });
}

const listeners = new Map<keyof Events, Set<(value: never) => void>>();

const bridge: Bridge = {
  async ask(name, input) {
    const bearer = await token;
    if (bearer === undefined) return locked;
    try {
      const reply = await post('ask', bearer, { name, input });
      if (reply.ok) return (await reply.json()) as Answer;
      if (reply.status === 401) return locked;
      return { ok: false, code: 'bad-input', message: await reply.text() };
    } catch {
      return down;
    }
  },
  on(event, listener) {
    const all = listeners.get(event) ?? new Set();
    listeners.set(event, all);
    all.add(listener);
    return () => all.delete(listener);
  },
};

/** Reads the stream of events for as long as it lasts. @returns whether it may be asked for again */
async function hear(bearer: string): Promise<boolean> {
  const reply = await fetch('/events', { headers: { authorization: `Bearer ${bearer}` } });
  if (reply.status === 401) return false;
  const reader = reply.ok ? reply.body?.pipeThrough(new TextDecoderStream()).getReader() : undefined;
  let text = '';
  while (reader) {
    const { done, value } = await reader.read();
    if (done) break;
    const messages = (text + value).split('\n\n');
    text = messages.pop() ?? '';
    for (const message of messages) if (message.startsWith('data: ')) tell(message.slice(6));
  }
  return true;
}

function tell(message: string): void {
  const { event, value } = JSON.parse(message) as { readonly event: keyof Events; readonly value: never };
  for (const listener of listeners.get(event) ?? []) listener(value);
}

/** What was missed meanwhile, a page asks for when it is told the newest status. */
async function refresh(): Promise<void> {
  for (const event of ['desktop', 'status'] as const) {
    const answer = await bridge.ask(event, null);
    if (answer.ok) tell(JSON.stringify({ event, value: answer.value }));
  }
}

async function listen(): Promise<void> {
  const bearer = await token;
  for (let wait = 500; bearer !== undefined; wait = Math.min(2 * wait, 15_000)) {
    const began = Date.now();
    if (!(await hear(bearer).catch(() => true))) return;
    if (Date.now() - began > 15_000) wait = 500;
    await new Promise((resolve) => setTimeout(resolve, wait));
    await refresh();
  }
}

Object.defineProperty(globalThis, 'bridge', { value: Object.freeze(bridge) });
void listen();
