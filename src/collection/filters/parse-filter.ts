import { equals, exists, type LiteralOrNull, like, missing, compare as ordered } from './conditions.js';
import { type Field, fieldName, fieldOf } from './field.js';
import { type Filter, type FilterOrder, not } from './filter.js';
import { filterError } from './filter-error.js';
import { LiteralMisfit } from './literal.js';
import { type Token, tokensOf } from './tokens.js';

/** More is not written by a person, and each condition on metadata takes a microsecond for every image. */
const limits = { characters: 20_000, depth: 50, conditions: 100 };

/**
 * Reads a filter as people write it: `label = cat and (width > 800 or not split = test)`.
 *
 *     or         = and { "or" and }
 *     and        = negation { "and" negation }
 *     negation   = "not" negation | "(" or ")" | condition
 *     condition  = field comparison value | field ["not"] "in" "(" value { "," value } ")"
 *                | field ["not"] "like" value | ("exists" | "missing") "(" field ")"
 *     comparison = "=" | "!=" | "<" | "<=" | ">" | ">=" | "~" | "!~"
 *
 * @throws `filter-invalid`, with the place
 */
export function parseFilter(text: string): Filter {
  return new Parser(text).whole();
}

const numberForm = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;
/** What other languages write, and what it is here. */
const foreign: Readonly<Record<string, string>> = {
  '&&': 'and',
  '&': 'and',
  '||': 'or',
  '|': 'or',
  '!': 'not',
};

class Parser {
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;
  #conditions = 0;

  constructor(private readonly text: string) {
    if (text.length > limits.characters)
      throw filterError(text, {
        expected: `at most ${limits.characters} characters`,
        got: `${text.length}`,
        fix: 'write a shorter one',
        at: limits.characters,
      });
    this.#tokens = tokensOf(text);
  }

  whole(): Filter {
    const filter = this.#or();
    if (this.#token().kind === ')')
      throw this.#fault('no )', 'take it away, or write the ( that belongs to it');
    if (this.#token().kind !== 'end') throw this.#fault('and, or, or the end', this.#afterCondition());
    return filter;
  }

  #token(): Token {
    return this.#tokens[this.#next]!;
  }

  #take(): Token {
    return this.#tokens[this.#next++]!;
  }

  #or(): Filter {
    return this.#joined('or', () => this.#joined('and', () => this.#negation()));
  }

  #joined(kind: 'and' | 'or', part: () => Filter): Filter {
    const filters = [part()];
    while (this.#takeWord(kind)) filters.push(part());
    return filters.length === 1 ? filters[0]! : { kind, filters };
  }

  #negation(): Filter {
    if (++this.#depth > limits.depth)
      throw this.#fault(`at most ${limits.depth} parentheses and nots within each other`, 'write it flatter');
    try {
      if (this.#isWord('not') && !this.#isField()) {
        this.#take();
        return not(this.#negation());
      }
      if (this.#token().kind !== '(') return this.#condition();
      this.#take();
      const filter = this.#or();
      if (this.#token().kind !== ')')
        throw this.#fault(
          'and, or, or )',
          this.#token().kind === 'end' ? 'close the parenthesis' : this.#afterCondition(),
        );
      this.#take();
      return filter;
    } finally {
      this.#depth--;
    }
  }

  #condition(): Filter {
    if (++this.#conditions > limits.conditions)
      throw this.#fault(
        `at most ${limits.conditions} conditions`,
        'write field in (a, b, c) for many values',
      );
    const asked = this.#presence();
    if (asked) return asked;
    const field = this.#field();
    const negated = this.#takeWord('not');
    const sense = negated ? not : (filter: Filter) => filter;
    if (this.#takeWord('in')) return sense(this.#in(field));
    if (this.#takeWord('like')) return sense(this.#fit(() => like(field, this.#text())));
    if (negated) throw this.#fault('in or like', `write ${fieldName(field)} not in (a, b)`);
    return this.#comparison(field);
  }

  /** `exists(field)`, `missing(field)`; but a field may be called so. */
  #presence(): Filter | undefined {
    const word = this.#token();
    if (word.kind !== 'word' || !/^(exists|missing)$/i.test(word.text)) return undefined;
    if (this.#tokens[this.#next + 1]!.kind !== '(') return undefined;
    this.#next += 2;
    const field = this.#field();
    if (this.#token().kind !== ')') throw this.#fault(')', `write ${word.text}(${fieldName(field)})`);
    this.#take();
    return word.text.toLowerCase() === 'exists' ? exists(field) : missing(field);
  }

  #field(): Field {
    const { kind, text, keys } = this.#token();
    if (kind === 'quoted')
      throw this.#fault('the name of a field', `write \`${text}\` where it is one: in backticks`);
    if (kind === 'operator' && foreign[text])
      throw this.#fault('the name of a field', `write ${foreign[text]}, where that is meant`);
    if (kind !== 'word' && kind !== 'keys')
      throw this.#fault('the name of a field', 'write for example label = cat');
    const path = keys ?? text.split('.');
    if (path.includes('')) throw this.#fault('the name of a field', 'write keys with one dot between');
    this.#take();
    return fieldOf(path);
  }

  #comparison(field: Field): Filter {
    const { kind, text } = this.#token();
    const name = fieldName(field);
    if (kind !== 'operator' || foreign[text])
      throw this.#fault(
        'a comparison',
        kind === 'word' && /^(is|equals|eq)$/i.test(text)
          ? `write ${name} = …`
          : `write for example ${name} = …, or exists(${name})`,
      );
    this.#take();
    switch (text) {
      case '=':
      case '==':
        return this.#fit(() => equals(field, [this.#value()]));
      case '!=':
      case '<>':
        return not(this.#fit(() => equals(field, [this.#value()])));
      case '~':
        return this.#fit(() => like(field, this.#text()));
      case '!~':
        return not(this.#fit(() => like(field, this.#text())));
      default:
        return this.#fit(() => ordered(field, text as FilterOrder, this.#text()));
    }
  }

  #in(field: Field): Filter {
    if (this.#token().kind !== '(') throw this.#fault('(', `write ${fieldName(field)} in (a, b)`);
    this.#take();
    const literals: LiteralOrNull[] = [];
    const filter = () => equals(field, literals);
    for (;;) {
      this.#fit(() => {
        literals.push(this.#value());
        return filter();
      });
      const { kind } = this.#token();
      if (kind !== ',' && kind !== ')')
        throw this.#fault(
          'a comma or )',
          'write values with commas between; quote text with spaces: "New York"',
        );
      this.#take();
      if (kind === ')') return filter();
    }
  }

  /** A value that is no `null`. */
  #text() {
    const at = this.#next;
    const value = this.#value();
    if (value !== null) return value;
    this.#next = at;
    throw this.#fault('a value with an order, or a pattern', 'write = null, or missing(…)');
  }

  #value(): LiteralOrNull {
    const { kind, text } = this.#token();
    if (kind === 'operator')
      throw this.#fault(
        'a value',
        text === '>' || text === '<' ? `write ${text}= for that` : `quote text with signs in it: "${text}…"`,
      );
    if (kind !== 'word' && kind !== 'quoted')
      throw this.#fault('a value', 'write a word, a number, a date, or text in quotation marks');
    this.#take();
    if (kind === 'quoted') return { value: text, text };
    if (numberForm.test(text) && Number.isFinite(Number(text))) return { value: Number(text), text };
    const word = text.toLowerCase();
    if (word === 'null') return null;
    return { value: word === 'true' || word === 'false' ? word === 'true' : text, text };
  }

  /** Makes a condition, and says of a value that does not fit its field where it stands. */
  #fit(make: () => Filter): Filter {
    try {
      return make();
    } catch (error) {
      if (!(error instanceof LiteralMisfit)) throw error;
      this.#next--;
      throw this.#fault(error.expected, error.fix);
    }
  }

  #isWord(word: string): boolean {
    return this.#token().kind === 'word' && this.#token().text.toLowerCase() === word;
  }

  #takeWord(word: string): boolean {
    if (!this.#isWord(word)) return false;
    this.#next++;
    return true;
  }

  /** Whether the word is a field's name, as a comparison follows. */
  #isField(): boolean {
    const next = this.#tokens[this.#next + 1]!;
    return next.kind === 'operator' && foreign[next.text] === undefined;
  }

  #afterCondition(): string {
    const { kind, text } = this.#token();
    if (kind === 'operator' && foreign[text]) return `write ${foreign[text]}`;
    if (kind === 'operator') return 'write and between two conditions';
    if (kind === ',') return 'write field in (a, b) for one of several values';
    return 'quote text with spaces: "New York"; write and between conditions';
  }

  #fault(expected: string, fix: string) {
    const { kind, text, at } = this.#token();
    const got = kind === 'end' ? 'the end' : `"${text.length > 40 ? `${text.slice(0, 39)}…` : text}"`;
    return filterError(this.text, { expected, got, fix, at });
  }
}
