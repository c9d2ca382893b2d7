import { Resvg } from '@resvg/resvg-js';
import { fontFamily, fontFiles, isCovered } from './font-metrics.js';

/**
 * An SVG drawing as a PNG file.
 *
 * Text is set in the typeface that imagekin ships, so a picture looks the same on every machine, one without fonts
 * included. Only where the text needs characters that typeface lacks (say, Chinese folder names) are the machine's own
 * fonts asked for them.
 *
 * @param scale pixels per unit of the drawing; 2 keeps text sharp on today's screens
 */
export function renderSvg(svg: string, scale = 2): Uint8Array {
  const drawing = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: scale },
    font: {
      fontFiles: Object.values(fontFiles),
      loadSystemFonts: !isCovered(svg),
      defaultFontFamily: fontFamily,
      sansSerifFamily: fontFamily,
    },
  });
  return drawing.render().asPng();
}
