import { describe, expect, it } from 'vitest';
import { markup } from './markup.js';

describe('markup', () => {
  it('escapes what could end an element or a quoted attribute', () => {
    expect(markup`<p title="${`"><script>alert('x')</script>&`}">`.text).toBe(
      '<p title="&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;">',
    );
  });

  it('takes markup as it is, and lists of it', () => {
    const items = ['a', '<b>'].map((item) => markup`<li>${item}</li>`);
    expect(markup`<ul>${items}</ul>`.text).toBe('<ul><li>a</li><li>&lt;b&gt;</li></ul>');
  });

  it('writes nothing for null, undefined and false, and a number for 0', () => {
    expect(markup`${null}${undefined}${false}${0}`.text).toBe('0');
  });

  it('writes coordinates with two decimals at most', () => {
    expect(markup`${1 / 3} ${2} ${-0.004}`.text).toBe('0.33 2 0');
  });

  it('drops control characters and lone surrogates, which no XML document may hold', () => {
    expect(markup`${'a\u0000b\u001bc\ud800d\n😀'}`.text).toBe('abcd\n😀');
  });
});
