/**
 * Colours of groups that are no more than told apart: as light as one another, so that none stands out, and readable on white
 * and on black. The first are those of the theme and their kin.
 */
const first = [
  '#3b6fe0',
  '#e8821e',
  '#16a37b',
  '#dc4a38',
  '#8e5fd6',
  '#1ea7c4',
  '#d9579b',
  '#8c9a1f',
  '#a4683a',
  '#6b7a8d',
  '#5fae3b',
  '#b546c9',
] as const;

/** The golden angle: of any number of hues taken so, none come close. */
const goldenAngle = 137.508;

/** The colour of a group, by its number from 0: as `#rrggbb`. */
export function groupColour(group: number): string {
  const known = first[group];
  if (known !== undefined) return known;
  const lightness = [0.62, 0.7, 0.54][group % 3]!;
  return oklch(lightness, 0.14, (group * goldenAngle) % 360);
}

/** From OKLCH (Ottosson 2020, "A perceptual color space for image processing") to sRGB, what lies outside clipped. */
function oklch(lightness: number, chroma: number, hue: number): string {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const linear = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
  const channels = linear.map((value) => {
    const clipped = Math.min(1, Math.max(0, value));
    const encoded = clipped <= 0.0031308 ? 12.92 * clipped : 1.055 * clipped ** (1 / 2.4) - 0.055;
    return Math.round(255 * encoded)
      .toString(16)
      .padStart(2, '0');
  });
  return `#${channels.join('')}`;
}
