/** Progress 0…1 of a part as progress of the whole: from `start` on, `length` of it. */
export function* within<T>(start: number, length: number, part: Generator<number, T>): Generator<number, T> {
  for (;;) {
    const { done, value } = part.next();
    if (done) return value;
    yield start + value * length;
  }
}
