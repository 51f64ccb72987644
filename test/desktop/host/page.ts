import { randomBytes } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Protocol } from 'devtools-protocol';
import type { ChromiumWindow } from './chromium.ts';
import { judgeRequest } from './page-requests.ts';
import { preloadWorld, runtimeSource } from './preload.ts';
import { fromWire } from './protocol.ts';
import type { IpcMessage } from './renderer/ipc-renderer.ts';

/** Who is told what happens in a page; URLs are the application's, not those on the wire. */
export interface PageListener {
  navigated(url: string, withinDocument: boolean): void;
  domReady(): void;
  loaded(title: string): void;
  /** The page itself wants to go elsewhere: false keeps it where it is. */
  mayNavigate(url: string): boolean;
  /** The frame of the window was asked to close. */
  mayClose(): boolean;
  popup(url: string): void;
  message(message: IpcMessage): void;
  logged(level: string, message: string): void;
  crashed(): void;
  gone(): void;
}

/** One page of Chromium, made to look from outside as a page of Electron. */
export class Page {
  readonly #window: ChromiumWindow;
  readonly #listener: PageListener;
  /** The URL on the wire that the application itself asked for: nobody is asked whether that may be. */
  #expected = '';
  /** The page goes elsewhere by itself: leaving it is no wish to close the window. */
  #navigates = false;
  #preloadContext = 0;
  readonly #popups: string[] = [];

  constructor(window: ChromiumWindow, listener: PageListener) {
    this.#window = window;
    this.#listener = listener;
  }

  /** Puts the code of both worlds in, for every document that will be loaded. */
  async prepare(preloadCode: string): Promise<void> {
    const { cdp, session, targetId } = this.#window;
    const secret = `stand_in_${randomBytes(8).toString('hex')}`;
    const { platform, arch, versions } = process;
    const environment = { platform, arch, versions: { ...versions }, env: {}, type: 'renderer', sandboxed: true };
    const settings = { secret, binding: `${secret}_post`, environment };
    this.#hear();
    cdp.on('Target.targetCreated', ({ targetInfo }) => {
      if (targetInfo.openerId === targetId) void this.#closePopup(targetInfo).catch(() => undefined);
    });
    cdp.on('Target.targetDestroyed', (destroyed) => {
      if (destroyed.targetId === targetId) this.#listener.gone();
    });
    cdp.onEnd(() => {
      this.#listener.gone();
    });
    const forPage = await runtimeSource({ ...settings, world: 'page' });
    const forPreload = `${await runtimeSource({ ...settings, world: 'preload' })}\n${preloadCode}`;
    await Promise.all([
      cdp.send('Page.enable', {}, session),
      cdp.send('Runtime.enable', undefined, session),
      cdp.send('Inspector.enable', undefined, session),
      cdp.send('Runtime.addBinding', { name: settings.binding, executionContextName: preloadWorld }, session),
      cdp.send('Page.addScriptToEvaluateOnNewDocument', { source: forPage }, session),
      cdp.send('Page.addScriptToEvaluateOnNewDocument', { source: forPreload, worldName: preloadWorld }, session),
      cdp.send('Fetch.enable', { patterns: [{ urlPattern: '*' }] }, session),
    ]);
  }

  /** @returns whether a document is being loaded; false when only the part after # has changed */
  async navigate(wireUrl: string): Promise<boolean> {
    this.#expected = withoutHash(wireUrl);
    const { cdp, session } = this.#window;
    const { errorText, loaderId } = await cdp.send('Page.navigate', { url: wireUrl }, session);
    if (errorText !== undefined) throw new Error(errorText);
    return loaderId !== undefined;
  }

  async reload(wireUrl: string): Promise<void> {
    this.#expected = withoutHash(wireUrl);
    await this.#window.cdp.send('Page.reload', {}, this.#window.session);
  }

  /** @throws Error with what the page's code threw */
  async evaluate(expression: string, context?: number): Promise<unknown> {
    const { cdp, session } = this.#window;
    const where = context === undefined ? {} : { contextId: context };
    const asked = { expression, awaitPromise: true, returnByValue: true, ...where };
    const { result, exceptionDetails } = await cdp.send('Runtime.evaluate', asked, session);
    if (exceptionDetails === undefined) return result.value as unknown;
    throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
  }

  /** Hands a message to the preload script's world; lost when there is no document, as in Electron. */
  async deliver(message: IpcMessage): Promise<void> {
    if (this.#preloadContext === 0) return;
    const text = JSON.stringify(JSON.stringify(message));
    await this.evaluate(`electronStandIn.deliver(${text})`, this.#preloadContext).catch(() => undefined);
  }

  /** A page may go, or go elsewhere, at any instant: what was asked of the one before is then no matter. */
  #hear(): void {
    const { cdp, session, targetId } = this.#window;
    cdp.on(
      'Runtime.executionContextCreated',
      ({ context }) => {
        const frame = (context.auxData as { readonly frameId?: string } | undefined)?.frameId;
        if (context.name === preloadWorld && frame === targetId) this.#preloadContext = context.id;
      },
      session,
    );
    cdp.on(
      'Runtime.bindingCalled',
      ({ payload }) => {
        this.#listener.message(JSON.parse(payload) as IpcMessage);
      },
      session,
    );
    cdp.on(
      'Runtime.consoleAPICalled',
      ({ type, args }) => {
        this.#listener.logged(type, args.map((arg) => String(arg.value ?? arg.description ?? '')).join(' '));
      },
      session,
    );
    cdp.on(
      'Runtime.exceptionThrown',
      ({ exceptionDetails: { exception, text } }) => {
        this.#listener.logged('error', `Uncaught ${exception?.description ?? text}`);
      },
      session,
    );
    cdp.on(
      'Page.frameRequestedNavigation',
      ({ frameId }) => {
        if (frameId === targetId) this.#navigates = true;
      },
      session,
    );
    cdp.on(
      'Page.frameNavigated',
      ({ frame }) => {
        if (frame.parentId === undefined) this.#arrived(frame.url + (frame.urlFragment ?? ''), false);
      },
      session,
    );
    cdp.on(
      'Page.navigatedWithinDocument',
      ({ frameId, url }) => {
        if (frameId === targetId) this.#arrived(url, true);
      },
      session,
    );
    cdp.on(
      'Page.domContentEventFired',
      () => {
        this.#listener.domReady();
      },
      session,
    );
    cdp.on('Page.loadEventFired', () => void this.#loaded().catch(() => undefined), session);
    cdp.on('Page.javascriptDialogOpening', ({ type }) => void this.#answerDialog(type), session);
    cdp.on('Page.windowOpen', ({ url }) => void this.#popups.push(url), session);
    cdp.on(
      'Inspector.targetCrashed',
      () => {
        this.#listener.crashed();
      },
      session,
    );
    cdp.on('Fetch.requestPaused', (paused) => void this.#request(paused).catch(() => undefined), session);
  }

  #arrived(wireUrl: string, withinDocument: boolean): void {
    this.#navigates = false;
    this.#listener.navigated(fromWire(wireUrl), withinDocument);
  }

  async #loaded(): Promise<void> {
    const { cdp, session } = this.#window;
    this.#expected = '';
    // Chromium asks on leaving only in a page that a person has touched: this counts as a touch.
    await cdp.send('Runtime.evaluate', { expression: '0', userGesture: true }, session);
    this.#listener.loaded(String(await this.evaluate('document.title')));
  }

  async #answerDialog(type: Protocol.Page.DialogType): Promise<void> {
    const leaves = type !== 'beforeunload' || this.#expected !== '' || this.#navigates || this.#listener.mayClose();
    const { cdp, session } = this.#window;
    await cdp.send('Page.handleJavaScriptDialog', { accept: leaves }, session).catch(() => undefined);
  }

  /** A popup of the page is closed at once; the application may do something else with its URL. */
  async #closePopup({ targetId, url }: Protocol.Target.TargetInfo): Promise<void> {
    await nextTurn(); // Page.windowOpen comes on another session and may be the later one
    this.#listener.popup(fromWire(this.#popups.shift() ?? url));
    await this.#window.cdp.send('Target.closeTarget', { targetId });
  }

  async #request(paused: Protocol.Fetch.RequestPausedEvent): Promise<void> {
    const { cdp, session, targetId } = this.#window;
    const { requestId, request, resourceType, frameId } = paused;
    const isNavigation = resourceType === 'Document' && frameId === targetId;
    if (
      isNavigation &&
      this.#expected !== withoutHash(request.url) &&
      !this.#listener.mayNavigate(fromWire(request.url))
    ) {
      this.#navigates = false;
      await cdp.send('Fetch.failRequest', { requestId, errorReason: 'Aborted' }, session);
      return;
    }
    const verdict = await judgeRequest(paused);
    if (verdict.kind === 'answer') await cdp.send('Fetch.fulfillRequest', { requestId, ...verdict.answer }, session);
    else if (verdict.kind === 'leave') await cdp.send('Fetch.continueRequest', { requestId }, session);
    else await cdp.send('Fetch.failRequest', { requestId, errorReason: verdict.reason }, session);
  }
}

function withoutHash(url: string): string {
  return url.split('#')[0] ?? url;
}
