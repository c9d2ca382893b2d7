import { expect, it } from 'vitest';
import { textFacts, textTable } from './text-table.js';

it('aligns columns, numbers at the right, and leaves no blanks at line ends', () => {
  const table = textTable(
    [{ title: 'class' }, { title: 'images', align: 'right' }, { title: 'note' }],
    [
      ['cat', '5', 'purrs'],
      ['automobile', '12,345', ''],
    ],
  );
  expect(table).toBe('class       images  note\ncat              5  purrs\nautomobile  12,345\n');
});

it('aligns the values of facts', () => {
  expect(
    textFacts([
      ['model', 'm.onnx'],
      ['id', 'abc'],
    ]),
  ).toBe('model  m.onnx\nid     abc\n');
});
