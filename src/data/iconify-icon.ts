import type { Size } from '../image/image.js';

/** What an icon and an alias may say, in the JSON format of icon sets (https://iconify.design/docs/types/). */
interface IconProperties {
  readonly left?: number;
  readonly top?: number;
  readonly width?: number;
  readonly height?: number;
  /** Quarter turns clockwise. */
  readonly rotate?: number;
  readonly hFlip?: boolean;
  readonly vFlip?: boolean;
}

export interface IconifyIcons extends IconProperties {
  readonly icons: Readonly<Record<string, IconProperties & { readonly body: string }>>;
  readonly aliases?: Readonly<Record<string, IconProperties & { readonly parent: string }>>;
}

interface ResolvedIcon {
  readonly body: string;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly rotate: number;
  readonly hFlip: boolean;
  readonly vFlip: boolean;
}

/**
 * One icon as an SVG document of the given size, whole and centred.
 * @throws RangeError where the set has no such icon
 */
export function iconSvg(set: IconifyIcons, name: string, size: Size): string {
  const { body, left, top, width, height, rotate, hFlip, vFlip } = resolveIcon(set, name);
  const [viewWidth, viewHeight] = rotate % 2 === 1 ? [height, width] : [width, height];
  const transform = [
    `translate(${viewWidth / 2} ${viewHeight / 2})`,
    `rotate(${rotate * 90})`,
    `scale(${hFlip ? -1 : 1} ${vFlip ? -1 : 1})`,
    `translate(${-(left + width / 2)} ${-(top + height / 2)})`,
  ].join(' ');
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"` +
    ` width="${size.width}" height="${size.height}" viewBox="0 0 ${viewWidth} ${viewHeight}">` +
    `<g transform="${transform}">${body}</g></svg>`
  );
}

/** Follows aliases to the drawing: turns and flips add up, a box named nearer to `name` wins. */
function resolveIcon(set: IconifyIcons, name: string): ResolvedIcon {
  const icon = set.icons[name];
  if (icon !== undefined) {
    const { body, left = 0, top = 0, rotate = 0, hFlip = false, vFlip = false } = icon;
    const width = icon.width ?? set.width ?? 16;
    const height = icon.height ?? set.height ?? 16;
    return { body, left, top, width, height, rotate, hFlip, vFlip };
  }
  const alias = set.aliases?.[name];
  if (alias === undefined) throw new RangeError(`iconSvg: no icon is named ${name}`);
  const parent = resolveIcon(set, alias.parent);
  return {
    body: parent.body,
    left: alias.left ?? parent.left,
    top: alias.top ?? parent.top,
    width: alias.width ?? parent.width,
    height: alias.height ?? parent.height,
    rotate: (parent.rotate + (alias.rotate ?? 0)) % 4,
    hFlip: parent.hFlip !== (alias.hFlip ?? false),
    vFlip: parent.vFlip !== (alias.vFlip ?? false),
  };
}
