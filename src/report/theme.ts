/** The paints of a picture or page, by what they are for. Any CSS colour, or a reference to one. */
export interface Theme {
  /** Behind everything. */
  readonly page: string;
  /** Raised surfaces, and what shows beside an image that does not fill its tile. */
  readonly panel: string;
  readonly ink: string;
  /** Secondary text. */
  readonly muted: string;
  /** Hairlines and grid lines. */
  readonly line: string;
  /** The first series, and filled cells and bars. */
  readonly accent: string;
  /** Text on full `accent`. */
  readonly onAccent: string;
  /** The second series. */
  readonly second: string;
  /** A neighbour of the query's class. */
  readonly same: string;
  /** A neighbour of another class. */
  readonly other: string;
}

/**
 * Blue against orange for series and bluish green against vermilion for verdicts keep their distance in the common
 * forms of colour blindness (after Okabe and Ito, 2008), darkened to carry text on white.
 */
export const lightTheme: Theme = {
  page: '#ffffff',
  panel: '#f4f5f7',
  ink: '#16191d',
  muted: '#5d6670',
  line: '#e1e4e8',
  accent: '#2f5fd0',
  onAccent: '#ffffff',
  second: '#c8620a',
  same: '#0f9d76',
  other: '#d9442f',
};

export const darkTheme: Theme = {
  page: '#111417',
  panel: '#1a1e23',
  ink: '#eceff2',
  muted: '#98a2ad',
  line: '#2c323a',
  accent: '#7da2ff',
  onAccent: '#0c1430',
  second: '#f0a04b',
  same: '#35c99c',
  other: '#ff7a63',
};

/** Takes its paints from the page the drawing stands in, so that one drawing serves light and dark. */
export const pageTheme: Theme = Object.fromEntries(
  Object.keys(lightTheme).map((name) => [name, `var(--${name})`]),
) as unknown as Theme;

/** The CSS declarations that give a page its theme: `--page:#fff;--ink:...`. */
export function themeDeclarations(theme: Theme): string {
  return Object.entries(theme)
    .map(([name, paint]) => `--${name}:${paint};`)
    .join('');
}
