import { defaultResizeRule, type ResizeRule } from '../image/resize-rule.js';
import { resizeRule as defaultWords } from './model-file.js';

/** A resize rule as a person would say it: `shorter side to 256, crop the centre (bicubic)`. */
export function resizeWords(rule: ResizeRule): string {
  const { fit, filter, shorterSide } = rule;
  if (fit === 'cover' && shorterSide === undefined && filter === defaultResizeRule.filter)
    return defaultWords;
  const words = {
    cover: shorterSide === undefined ? defaultWords : `shorter side to ${shorterSide}, crop the centre`,
    contain: 'scale to fit in, on white',
    stretch: 'scale each axis by itself',
  };
  return `${words[fit]} (${filter})`;
}
