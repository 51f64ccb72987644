import { bands, type Band } from '../../src-main/contract/alerts.ts';
import { soughtKinds, type Sought } from '../../src-main/contract/find.ts';

export interface AlertFilter {
  readonly user?: string;
  readonly band?: Band;
  readonly state?: 'open' | 'closed';
}

/** What is looked for; an empty text: nothing yet. */
export interface SearchPlace {
  readonly screen: 'search';
  readonly text: string;
  readonly user: string | undefined;
}

/** Where the window is. Times are Unix seconds. */
export type Place =
  | { readonly screen: 'overview' | 'settings' | 'setup' | 'first-run' | 'help' }
  | { readonly screen: 'alerts'; readonly filter: AlertFilter }
  /** `asks`: with the question open whether it was the user. */
  | { readonly screen: 'alert'; readonly id: number; readonly asks?: true }
  | { readonly screen: 'timeline'; readonly user: string | undefined; readonly from?: number; readonly to?: number }
  | { readonly screen: 'models'; readonly user: string | undefined }
  | { readonly screen: 'learned'; readonly user: string }
  | SearchPlace
  /** Everything with a value. */
  | ({ readonly screen: 'with' } & Sought)
  | { readonly screen: 'action'; readonly id: number }
  | { readonly screen: 'unknown'; readonly address: string };

const ID = /^\d{1,15}$/;
const plain = ['settings', 'setup', 'first-run', 'help'] as const;

/** The place of an address such as `#/alerts/7`; whatever cannot be understood is `unknown`. */
export function placeOf(address: string): Place {
  const unknown = { screen: 'unknown', address } as const;
  const [path = '', query = ''] = address.replace(/^#/, '').split('?', 2);
  const [screen = '', ...rest] = path.split('/').filter((part) => part !== '');
  const detail = decoded(rest);
  if (detail === undefined) return unknown;
  const values = new URLSearchParams(query);
  const [name] = detail;
  if (screen === '' || screen === 'overview') return name === undefined ? { screen: 'overview' } : unknown;
  const known = plain.find((one) => one === screen);
  if (known) return name === undefined ? { screen: known } : unknown;
  if (screen === 'alerts' && detail.length === 2 && detail[1] === 'normal' && ID.test(detail[0]!))
    return { screen: 'alert', id: Number(detail[0]), asks: true };
  if (screen === 'with') return withOf(detail) ?? unknown;
  if (detail.length > 1) return unknown;
  if (screen === 'search' && name === undefined)
    return { screen, text: values.get('text') ?? '', user: values.get('user') ?? undefined };
  switch (screen) {
    case 'alerts':
      if (name === undefined) return { screen, filter: filterOf(values) };
      return ID.test(name) ? { screen: 'alert', id: Number(name) } : unknown;
    case 'action':
      return name !== undefined && ID.test(name) ? { screen, id: Number(name) } : unknown;
    case 'timeline':
      return { screen, user: name, ...stretchOf(values) };
    case 'models':
      return { screen, user: name };
    case 'learned':
      return name === undefined ? unknown : { screen, user: name };
    default:
      return unknown;
  }
}

function withOf([as, value, ...more]: readonly string[]): Place | undefined {
  const kind = soughtKinds.find((one) => one === as);
  return kind && value !== undefined && more.length === 0 ? { screen: 'with', as: kind, value } : undefined;
}

/** The address of a place: `placeOf` takes it back, for every place but `unknown`. */
export function addressOf(place: Place): string {
  switch (place.screen) {
    case 'overview':
      return '#/';
    case 'alerts':
      return `#/alerts${queryOf({ ...place.filter })}`;
    case 'alert':
      return `#/alerts/${place.id}${place.asks ? '/normal' : ''}`;
    case 'timeline': {
      const { user, from, to } = place;
      const name = user === undefined ? '' : `/${encodeURIComponent(user)}`;
      return `#/timeline${name}${queryOf({ ...(from !== undefined && { from }), ...(to !== undefined && { to }) })}`;
    }
    case 'models':
    case 'learned':
      return `#/${place.screen}${place.user === undefined ? '' : `/${encodeURIComponent(place.user)}`}`;
    case 'search':
      return `#/search${queryOf({ ...(place.text && { text: place.text }), ...(place.user && { user: place.user }) })}`;
    case 'with':
      return `#/with/${place.as}/${encodeURIComponent(place.value)}`;
    case 'action':
      return `#/action/${place.id}`;
    case 'unknown':
      return place.address;
    default:
      return `#/${place.screen}`;
  }
}

function queryOf(values: Readonly<Record<string, string | number>>): string {
  const query = new URLSearchParams(Object.entries(values).map(([name, value]) => [name, String(value)])).toString();
  return query === '' ? '' : `?${query}`;
}

/** @returns undefined for a broken escape */
function decoded(parts: readonly string[]): string[] | undefined {
  try {
    return parts.map((part) => decodeURIComponent(part));
  } catch {
    return undefined;
  }
}

function filterOf(values: URLSearchParams): AlertFilter {
  const user = values.get('user');
  const band = bands.find((one) => one === values.get('band'));
  const state = (['open', 'closed'] as const).find((one) => one === values.get('state'));
  return { ...(user && { user }), ...(band && { band }), ...(state && { state }) };
}

function stretchOf(values: URLSearchParams): { from?: number; to?: number } {
  const [from, to] = ['from', 'to'].map((name) => Number(values.get(name) ?? NaN));
  const valid = Number.isFinite(from) && Number.isFinite(to) && from! < to!;
  return valid ? { from: from!, to: to! } : {};
}
