/**
 * An address in the one form of RFC 5952: osquery writes the same one at full length in one table and short in another. An IPv4
 * address that IPv6 maps is the IPv4 address, and the zone is left out. What is no address stays as it is.
 */
export function plainAddress(address: string): string {
  if (!address.includes(':')) return address;
  const groups = groupsOf(address.replace(/%[\da-z.:-]+$/i, '').toLowerCase());
  if (!groups) return address;
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) {
    const [high, low] = [groups[6]!, groups[7]!];
    return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
  }
  return shortest(groups);
}

/** The eight numbers of an IPv6 address; undefined where it is none. */
function groupsOf(address: string): number[] | undefined {
  const [head, tail, ...more] = address.replace(/\d+\.\d+\.\d+\.\d+$/, asGroups).split('::');
  if (more.length > 0) return undefined;
  const left = numbersOf(head!);
  if (tail === undefined) return left?.length === 8 ? left : undefined;
  const right = numbersOf(tail);
  if (!left || !right || left.length + right.length > 7) return undefined;
  return [...left, ...new Array<number>(8 - left.length - right.length).fill(0), ...right];
}

/** The IPv4 address at the end of an IPv6 one as two groups of it. */
function asGroups(four: string): string {
  const [a, b, c, d] = four.split('.').map(Number) as [number, number, number, number];
  return [a, b, c, d].every((byte) => byte < 256)
    ? `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`
    : four;
}

function numbersOf(text: string): number[] | undefined {
  if (text === '') return [];
  const parts = text.split(':');
  return parts.every((part) => /^[0-9a-f]{1,4}$/.test(part))
    ? parts.map((part) => Number.parseInt(part, 16))
    : undefined;
}

/** The longest run of zeros, of two groups at least and the first of several, is left out. */
function shortest(groups: readonly number[]): string {
  let [from, length] = [0, 1];
  for (let start = 0; start < 8; start++) {
    let end = start;
    while (end < 8 && groups[end] === 0) end++;
    if (end - start > length) [from, length] = [start, end - start];
  }
  const text = (part: readonly number[]): string => part.map((group) => group.toString(16)).join(':');
  return length < 2 ? text(groups) : `${text(groups.slice(0, from))}::${text(groups.slice(from + length))}`;
}
