/**
 * The text of a filter, as far as the page must understand it to add a condition and to take it away again: which
 * conditions all must hold. The server reads the rest.
 */

/** The parts of a text that stand between a word (`and`, `or`) outside of quotes and brackets. */
function splitAt(text: string, word: 'and' | 'or'): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  let at = 0;
  while (at < text.length) {
    const char = text[at]!;
    if (char === '"' || char === "'" || char === '`') {
      at = endOfQuote(text, at);
      continue;
    }
    if (char === '(') depth++;
    if (char === ')') depth--;
    if (depth === 0 && isWordAt(text, at, word)) {
      parts.push(text.slice(from, at));
      at += word.length;
      from = at;
      continue;
    }
    at++;
  }
  parts.push(text.slice(from));
  return parts.map((part) => part.trim()).filter(Boolean);
}

/** Behind the quote that begins at `at`; doubled quotes are part of what is quoted. */
function endOfQuote(text: string, at: number): number {
  const quote = text[at]!;
  let end = at + 1;
  while (end < text.length) {
    if (text[end] === quote) {
      if (text[end + 1] !== quote) return end + 1;
      end++;
    }
    end++;
  }
  return end;
}

function isWordAt(text: string, at: number, word: string): boolean {
  const before = text[at - 1];
  const after = text[at + word.length];
  const edge = (char: string | undefined) => char === undefined || /[\s()]/.test(char);
  return edge(before) && edge(after) && text.slice(at, at + word.length).toLowerCase() === word;
}

function withoutBrackets(text: string): string {
  if (!text.startsWith('(') || !text.endsWith(')')) return text;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (char === '"' || char === "'" || char === '`') {
      at = endOfQuote(text, at) - 1;
      continue;
    }
    if (char === '(') depth++;
    if (char === ')' && --depth === 0 && at < text.length - 1) return text;
  }
  return text.slice(1, -1).trim();
}

/** Conditions all of which must hold. A filter with `or` at its top is one condition. */
export function conditionsOf(filter: string): string[] {
  return splitAt(filter, 'or').length > 1 ? [filter.trim()] : splitAt(filter, 'and');
}

export function joinConditions(conditions: readonly string[]): string {
  if (conditions.length === 1) return withoutBrackets(conditions[0]!);
  return conditions.map((each) => (splitAt(each, 'or').length > 1 ? `(${each})` : each)).join(' and ');
}

/** The alternatives of a condition: one, or what stands between `or`. */
function alternativesOf(condition: string): string[] {
  return splitAt(withoutBrackets(condition), 'or');
}

/** Which condition of a filter chooses among values of a facet, and which of them. */
function chosenOf(
  conditions: readonly string[],
  isValue: (filter: string) => boolean,
): { at: number; values: string[] } {
  const at = conditions.findIndex((condition) => alternativesOf(condition).every(isValue));
  return { at, values: at === -1 ? [] : alternativesOf(conditions[at]!) };
}

/** Whether text is a condition on nothing but the equality of a field: what clicks on its facet have written. */
export function isValueOf(field: string): (filter: string) => boolean {
  return (filter) => {
    if (filter === `missing(${field})`) return true;
    if (!filter.startsWith(field)) return false;
    const rest = filter.slice(field.length).trimStart();
    if (!rest.startsWith('=') || splitAt(rest, 'and').length > 1) return false;
    return /^=\s*("([^"]|"")*"|'([^']|'')*'|[^\s"'()]+)$/.test(rest);
  };
}

/** The filters of values that are chosen of a field. */
export function chosenValues(filter: string, field: string): readonly string[] {
  return chosenOf(conditionsOf(filter), isValueOf(field)).values;
}

/** The filter with a value of a field chosen, or no longer. Of several values of a field one must hold. */
export function toggleValue(filter: string, field: string, value: string): string {
  const conditions = conditionsOf(filter);
  const { at, values } = chosenOf(conditions, isValueOf(field));
  const next = values.includes(value) ? values.filter((each) => each !== value) : [...values, value];
  if (at === -1) return joinConditions([...conditions, value]);
  if (next.length === 0) return joinConditions(conditions.filter((_, index) => index !== at));
  return joinConditions(conditions.map((each, index) => (index === at ? next.join(' or ') : each)));
}

/** The filter without what is chosen of a field: what its other values are counted under. */
export function withoutField(filter: string, field: string): string {
  const conditions = conditionsOf(filter);
  const { at } = chosenOf(conditions, isValueOf(field));
  return at === -1 ? filter.trim() : joinConditions(conditions.filter((_, index) => index !== at));
}

/** Text as a value in a filter. */
export function quoted(value: string): string {
  return `"${value.replaceAll('"', '""')}"`;
}
