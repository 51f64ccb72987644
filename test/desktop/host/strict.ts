/** Names that JavaScript itself, or a test's printer, asks of any object. */
const askedByLanguage = new Set([
  'then',
  'toJSON',
  'constructor',
  'prototype',
  'length',
  'name',
  '__esModule',
  'inspect',
]);

/**
 * Makes an unknown member throw instead of being undefined: an application cannot use what this host does not have
 * without a test noticing.
 */
export function strict<T extends object>(name: string, object: T): T {
  return new Proxy(object, {
    get(target, key) {
      if (typeof key === 'string' && !(key in target) && !askedByLanguage.has(key)) {
        throw new Error(`electron stand-in: ${name}.${key} is not among what the stand-in host does (host/README.md)`);
      }
      const value: unknown = Reflect.get(target, key, target);
      const isMethod = typeof value === 'function' && typeof key === 'string' && !/^[A-Z]/.test(key);
      return isMethod && key !== 'constructor' ? (value.bind(target) as unknown) : value;
    },
    // Setters reach private fields, which this proxy does not have.
    set: (target, key, value) => Reflect.set(target, key, value, target),
  });
}

/** Tells what the host does, where UBAD_DESKTOP_TRACE is set. */
export function trace(...what: readonly unknown[]): void {
  if (process.env.UBAD_DESKTOP_TRACE !== undefined) console.error('[host]', ...what);
}

/** What Electron hands to listeners that may say no. */
export interface Preventable {
  defaultPrevented: boolean;
  preventDefault(): void;
}

export function preventable<T extends object>(more?: T): Preventable & T {
  const event = {
    defaultPrevented: false,
    preventDefault() {
      this.defaultPrevented = true;
    },
  };
  return Object.assign(event, more);
}
