/**
 * Colours of groups of points. Eight hues that also stay apart for eyes that see two colours (the test of this file
 * computes how far), and three shapes: so that 24 groups can be told from one another. All further groups are grey.
 *
 * @see Machado, Oliveira and Fernandes 2009, https://doi.org/10.1109/TVCG.2009.113
 */
export const lightColours = [
  '#193087',
  '#e19216',
  '#3eb8af',
  '#da0908',
  '#ab78fd',
  '#0d747c',
  '#7605e1',
  '#750b04',
] as const;

export const darkColours = [
  '#55ba9c',
  '#fd8005',
  '#83f9fa',
  '#c71195',
  '#efdd28',
  '#624cf1',
  '#c489fe',
  '#8b660b',
] as const;

export const shapes = ['circle', 'square', 'triangle'] as const;
export type Shape = (typeof shapes)[number];

/** What a group is drawn with: its colour is `slot % 8`, its shape `slot / 8`. */
export const groups = lightColours.length * shapes.length;
/** The slot of all groups for which there is no colour left. */
export const otherSlot = groups;

export const otherColour = { light: '#8a9099', dark: '#747b86' } as const;

export type Theme = 'light' | 'dark';

export function slotOf(group: number): number {
  return group < groups ? group : otherSlot;
}

export function colourOf(slot: number, theme: Theme): string {
  if (slot >= otherSlot) return otherColour[theme];
  return (theme === 'light' ? lightColours : darkColours)[slot % lightColours.length]!;
}

export function shapeOf(slot: number): Shape {
  return slot >= otherSlot ? 'circle' : shapes[Math.floor(slot / lightColours.length)]!;
}

/** Of `#rrggbb`, as numbers from 0 to 255. */
export function rgbOf(colour: string): [number, number, number] {
  const number = Number.parseInt(colour.slice(1), 16);
  return [number >> 16, (number >> 8) & 255, number & 255];
}
