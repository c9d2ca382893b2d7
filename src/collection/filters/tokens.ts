import { filterError } from './filter-error.js';

export interface Token {
  readonly kind: /** Letters, digits and most signs: a name, a number, a date, a keyword, text without spaces. */
    | 'word'
    /** Text in quotation marks. */
    | 'quoted'
    /** A name with backticks in it. */
    | 'keys'
    | 'operator'
    | '('
    | ')'
    | ','
    | 'end';
  /** What was meant: of quoted text, what stands between the marks. */
  readonly text: string;
  /** Of names in backticks: the keys. */
  readonly keys?: readonly string[];
  readonly at: number;
}

const space = /\s+/y;
const operator = /==|!=|<>|<=|>=|!~|&&|\|\||[=<>~!&|]/y;
const punctuation = /[(),]/y;
const quoted = /'(?:[^']|'')*'|"(?:[^"]|"")*"/y;
/** Keys with dots between, at least one of them in backticks. */
const keys = /(?:[^\s()',"=<>~!&|`.]+\.)*`(?:[^`]|``)+`(?:\.(?:`(?:[^`]|``)+`|[^\s()',"=<>~!&|`.]+))*/y;
const word = /[^\s()',"=<>~!&|`]+/y;
const key = /`((?:[^`]|``)+)`|[^.`]+/g;

/** @throws `filter-invalid` for what is no token */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp) => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0];
  };
  while (at < text.length) {
    const blank = take(space);
    const found = blank === undefined ? tokenAt(take, text, at) : undefined;
    if (found) tokens.push(found.token);
    at += (blank ?? found!.raw).length;
  }
  tokens.push({ kind: 'end', text: '', at });
  return tokens;
}

function tokenAt(take: (pattern: RegExp) => string | undefined, text: string, at: number) {
  const sign = take(punctuation);
  if (sign !== undefined) return { raw: sign, token: { kind: sign as '(', text: sign, at } };
  const comparison = take(operator);
  if (comparison !== undefined)
    return { raw: comparison, token: { kind: 'operator' as const, text: comparison, at } };
  const marked = take(quoted);
  if (marked !== undefined) {
    const mark = marked[0]!;
    const inner = marked.slice(1, -1).replaceAll(mark + mark, mark);
    return { raw: marked, token: { kind: 'quoted' as const, text: inner, at } };
  }
  const named = take(keys);
  if (named !== undefined) {
    const parts = [...named.matchAll(key)].map(
      ([plain, inBackticks]) => inBackticks?.replaceAll('``', '`') ?? plain,
    );
    return { raw: named, token: { kind: 'keys' as const, text: named, keys: parts, at } };
  }
  const plain = take(word);
  if (plain !== undefined) return { raw: plain, token: { kind: 'word' as const, text: plain, at } };
  const mark = text[at]!;
  throw filterError(text, {
    expected: mark === '`' ? 'a name between two backticks' : `a closing ${mark}`,
    got: 'none',
    fix:
      mark === '`'
        ? 'write for example `lens model`'
        : `end the text by ${mark}; a ${mark} in it is written twice`,
    at,
  });
}
