import { client, type Client } from '../../src-main/contract/ipc.ts';
import { fleetCalls } from '../../src-main/contract/fleet.ts';

/** What a browser does with an address of a page: its key becomes the token, once. @returns the page's questions */
export async function visit(address: string): Promise<Client<typeof fleetCalls>> {
  const { origin, hash } = new URL(address);
  const post = (path: string, body: object, token?: string): Promise<Response> =>
    fetch(`${origin}/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify(body),
    });
  const given = await post('session', { key: hash.replace('#key=', '') });
  if (!given.ok) throw new Error(`${given.status}: ${await given.text()}`);
  const { token } = (await given.json()) as { readonly token: string };
  return client(fleetCalls, async (name, input) => {
    const reply = await post('ask', { name, input: input ?? null }, token);
    return (await reply.json()) as never;
  });
}
