import { bands, type Band } from '../../../src-main/contract/alerts.ts';

/** What of the inbox is shown. */
export interface FleetInboxFilter {
  readonly text: string;
  readonly band: Band | undefined;
  /** Empty: nobody's; undefined: anybody's. */
  readonly assigned: string | undefined;
  readonly answered: boolean;
}

/** Where the page of a fleet is. */
export type FleetPlace =
  | { readonly screen: 'inbox'; readonly filter: FleetInboxFilter }
  /** `alert`: `0007/12` */
  | { readonly screen: 'alert'; readonly alert: string }
  | { readonly screen: 'people' | 'shared' | 'hosts'; readonly text: string }
  | { readonly screen: 'groups' | 'workers' | 'audit' }
  | { readonly screen: 'unknown'; readonly address: string };

export const everything: FleetInboxFilter = { text: '', band: undefined, assigned: undefined, answered: false };

/** The place of an address such as `#/alerts/0007/12`; whatever cannot be understood is `unknown`. */
export function fleetPlaceOf(address: string): FleetPlace {
  const [path = '', query = ''] = address.replace(/^#/, '').split('?', 2);
  const parts = path.split('/').filter((part) => part !== '');
  const [screen = 'inbox', ...rest] = parts;
  const values = new URLSearchParams(query);
  const unknown = { screen: 'unknown', address } as const;
  if (screen === 'alerts') {
    const alert = rest.join('/');
    return /^\d{4}\/[1-9]\d{0,14}$/.test(alert) ? { screen: 'alert', alert } : unknown;
  }
  if (rest.length > 0) return unknown;
  switch (screen) {
    case 'inbox':
      return { screen, filter: filterOf(values) };
    case 'people':
    case 'shared':
    case 'hosts':
      return { screen, text: values.get('text') ?? '' };
    case 'groups':
    case 'workers':
    case 'audit':
      return { screen };
    default:
      return unknown;
  }
}

/** The address of a place: `fleetPlaceOf` takes it back. */
export function fleetAddressOf(place: FleetPlace): string {
  switch (place.screen) {
    case 'inbox': {
      const { text, band, assigned, answered } = place.filter;
      const values = new URLSearchParams();
      if (text !== '') values.set('text', text);
      if (band !== undefined) values.set('band', band);
      if (assigned !== undefined) values.set('assigned', assigned);
      if (answered) values.set('answered', 'yes');
      return `#/inbox${asQuery(values)}`;
    }
    case 'alert':
      return `#/alerts/${place.alert}`;
    case 'people':
    case 'shared':
    case 'hosts':
      return `#/${place.screen}${asQuery(new URLSearchParams(place.text === '' ? {} : { text: place.text }))}`;
    case 'unknown':
      return place.address;
    default:
      return `#/${place.screen}`;
  }
}

const asQuery = (values: URLSearchParams): string => (values.size === 0 ? '' : `?${values.toString()}`);

const filterOf = (values: URLSearchParams): FleetInboxFilter => ({
  text: values.get('text') ?? '',
  band: bands.find((band) => band === values.get('band')),
  assigned: values.get('assigned') ?? undefined,
  answered: values.get('answered') === 'yes',
});
