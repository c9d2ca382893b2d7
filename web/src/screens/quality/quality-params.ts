import { choice, param, text } from '../../params.js';
import { matrixOrders } from './matrix-order.js';

export const sections = ['overview', 'confusion', 'labels', 'suspects', 'outliers', 'model'] as const;
export type Section = (typeof sections)[number];

/** What is shown, as it stands in the address. */
export const section = param('show', choice(sections));
export const matrixOrderParam = param('order', choice(matrixOrders));
/** The cell that is open: labels of the images and of the ones nearest to them. */
export const cellOf = param('of', text);
export const cellAs = param('as', text);
