import { message } from '../../contract/story/messages.ts';
import type { UserMessage } from '../options.ts';

/** A model failed while it judged; its version is not to be used again. */
export class ModelFailed extends Error {
  override readonly name = 'ModelFailed';
  readonly version: number;

  constructor(version: number, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.version = version;
  }

  /** A sentence, and what of it may stand in the own log. */
  get told(): Parameters<UserMessage> {
    const what = message('model.failed', { cause: this.message });
    const text = message('model.not-used', { version: this.version, what });
    return [text, { what: 'model-not-used', version: this.version, why: 'not-readable' }];
  }
}
