import type { Protocol } from 'devtools-protocol';
import { fromWire, serve } from './protocol.ts';
import { trace } from './strict.ts';

type Paused = Protocol.Fetch.RequestPausedEvent;

/** What to do with a request of the page. */
export type Verdict =
  | { readonly kind: 'answer'; readonly answer: Omit<Protocol.Fetch.FulfillRequestRequest, 'requestId'> }
  | { readonly kind: 'refuse'; readonly reason: Protocol.Network.ErrorReason }
  | { readonly kind: 'leave' };

/** The application's own schemes are answered by it; of the network only this machine is reached. */
export async function judgeRequest({ request }: Paused): Promise<Verdict> {
  try {
    const { method, headers, postDataEntries = [] } = request;
    const body = Buffer.concat(postDataEntries.map(({ bytes }) => Buffer.from(bytes ?? '', 'base64')));
    const answer = await serve(request.url, { method, headers, ...(body.length > 0 && { body }) });
    if (answer !== undefined) {
      return {
        kind: 'answer',
        answer: { responseCode: answer.status, responseHeaders: answer.headers, body: answer.body.toString('base64') },
      };
    }
  } catch (error) {
    trace('request', fromWire(request.url), error);
    return { kind: 'refuse', reason: 'Failed' };
  }
  if (!/^https?:/.test(request.url) || /^http:\/\/(localhost|127\.0\.0\.1)[:/]/.test(request.url))
    return { kind: 'leave' };
  console.error(`electron stand-in: refused to go to the network for ${request.url}`);
  return { kind: 'refuse', reason: 'InternetDisconnected' };
}
