import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import packageJson from '../../package.json' with { type: 'json' };

/** The packages that engines need besides the program's own; a slim installation may be without them. */
export type OptionalPackage = keyof typeof packageJson.optionalDependencies;

/** The packages are CommonJS: required, all of them see the same TensorFlow.js. */
const required = createRequire(import.meta.url);

/** What is built brings these beside itself (vite.config.js); a checkout's sources use what is installed. */
const shipped: Partial<Record<OptionalPackage, string>> = {
  '@tensorflow/tfjs': 'tensorflow.cjs',
  '@tensorflow/tfjs-backend-wasm': 'tensorflow.cjs',
  'libsvm-js': 'libsvm-js.cjs',
};

class MissingPackage extends Error {
  override readonly name = 'MissingPackage';
}

/**
 * What a package exports.
 * @throws MissingPackage when it is not installed, and what the package itself throws
 */
export function requirePackage(name: OptionalPackage, engine: string): unknown {
  return required(packagePath(name, engine)) as unknown;
}

/** Where the file of a package would be beside `program`, the URL of what is built; undefined in a checkout. */
export function shippedPath(name: OptionalPackage, program: string): string | undefined {
  const file = shipped[name];
  if (file === undefined || program.endsWith('.ts')) return undefined;
  const path = join(dirname(fileURLToPath(program.replace('/app.asar/', '/app.asar.unpacked/'))), 'engines', file);
  return existsSync(path) ? path : undefined;
}

/** The file that a package is loaded from. @throws MissingPackage when it is not installed */
export function packagePath(name: OptionalPackage, engine: string, resolve = required.resolve): string {
  const own = shippedPath(name, import.meta.url);
  if (own !== undefined) return own;
  try {
    return resolve(name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    const version = packageJson.optionalDependencies[name];
    throw new MissingPackage(
      `The engine ${engine} needs a package that is not installed: npm install ${name}@${version}`,
      { cause: error },
    );
  }
}
