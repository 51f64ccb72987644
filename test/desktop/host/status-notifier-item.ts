import dbus, { type DefinedInterface } from 'dbus-native';
import { toArgb, type NativeImage } from './native-image.ts';

/** What the bus is shown of a tray icon. */
export interface ItemViews {
  readonly id: string;
  readonly menuPath: string;
  image(): NativeImage;
  toolTip(): string;
  clicked(): void;
}

const readable = (type: string, get: () => unknown): { type: string; access: 'read'; get: () => unknown } => ({
  type,
  access: 'read',
  get,
});
const always = (type: string, value: unknown): ReturnType<typeof readable> => readable(type, () => value);

/** The interface of the StatusNotifierItem specification under one of its names. */
export function statusNotifierItem(name: string, views: ItemViews): DefinedInterface {
  const point = { in: { x: 'i', y: 'i' } };
  const clicked = (): void => {
    views.clicked();
  };
  const pixmaps = (): unknown => {
    const image = views.image();
    return [[image.pixels.width, image.pixels.height, toArgb(image)]];
  };
  return dbus.defineInterface({
    name,
    properties: {
      Category: always('s', 'ApplicationStatus'),
      Id: always('s', views.id),
      Title: always('s', ''),
      Status: always('s', 'Active'),
      WindowId: always('i', 0),
      ItemIsMenu: always('b', false),
      Menu: always('o', views.menuPath),
      IconName: always('s', ''),
      IconThemePath: always('s', ''),
      IconPixmap: readable('a(iiay)', pixmaps),
      OverlayIconName: always('s', ''),
      OverlayIconPixmap: always('a(iiay)', []),
      AttentionIconName: always('s', ''),
      AttentionIconPixmap: always('a(iiay)', []),
      AttentionMovieName: always('s', ''),
      ToolTip: readable('(sa(iiay)ss)', () => ['', [], views.toolTip(), '']),
    },
    methods: {
      Activate: { ...point, handler: clicked },
      SecondaryActivate: { ...point, handler: clicked },
      ContextMenu: { ...point, handler: () => undefined },
      Scroll: { in: { delta: 'i', orientation: 's' }, handler: () => undefined },
    },
    signals: { NewIcon: {}, NewToolTip: {}, NewStatus: { args: { status: 's' } } },
  });
}
