import type { Heap } from './kernels.ts';

/** Where a heap's bytes are: an ArrayBuffer of JavaScript's own or a WebAssembly memory. */
export interface Store {
  /** The bytes now; another buffer after `grow`. */
  readonly buffer: ArrayBuffer;
  /** Makes the buffer at least `bytes` long, keeping its contents; what is new is zero. */
  grow(bytes: number): void;
}

/** Addresses are cut to 32 signed bits by `>> 2`, so this is all that they can reach. */
export const LARGEST_HEAP = 2 ** 31;
/** A cache line: a micro-kernel's load never straddles two. It also keeps address 0 free, which means "none". */
const ALIGNMENT = 64;

export const BYTES_PER_ELEMENT = 4;

/** Floats that a heap has before it first has to grow. */
export const INITIAL = 2 ** 14;
/** Each model that is loaded has a heap of its own, of a few large arrays that stay: what is reserved beside them is lost. */
const GROWTH = 1.1;

/**
 * A heap that only grows: arrays live as long as the kernels do.
 * `alloc` throws RangeError for a count that is negative or no integer, and when the heap would pass 2 GiB.
 */
export function growableHeap(store: Store): Heap {
  let f32 = new Float32Array(store.buffer);
  let i32 = new Int32Array(store.buffer);
  let used = ALIGNMENT;

  return {
    get f32() {
      return f32;
    },
    get i32() {
      return i32;
    },
    alloc(count) {
      if (!Number.isSafeInteger(count) || count < 0) {
        throw new RangeError(
          `Kernel heap: cannot reserve ${count} elements; the count must be a non-negative integer.`,
        );
      }
      const address = used;
      const end = address + Math.ceil((count * BYTES_PER_ELEMENT) / ALIGNMENT) * ALIGNMENT;
      if (end > LARGEST_HEAP) {
        throw new RangeError(`Kernel heap: ${count} more elements would pass 2 GiB; use a smaller batch or model.`);
      }
      if (end > store.buffer.byteLength) {
        const larger = Math.floor((GROWTH * store.buffer.byteLength) / ALIGNMENT) * ALIGNMENT;
        store.grow(Math.min(LARGEST_HEAP, Math.max(end, larger)));
        f32 = new Float32Array(store.buffer);
        i32 = new Int32Array(store.buffer);
      }
      used = end;
      return address;
    },
  };
}
