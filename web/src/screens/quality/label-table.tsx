import { useMemo, useState } from 'preact/hooks';
import type { EvaluationSummary } from '../../api.js';
import { quoted } from '../../filters/filter-text.js';
import { href } from '../../router.js';
import { count, percent } from '../../ui/format.js';
import { type LabelColumn, type LabelOrder, orderedLabels } from './label-order.js';

interface LabelTableProps {
  readonly perLabel: EvaluationSummary['perLabel'];
}

const columns: readonly { readonly key: LabelColumn; readonly name: string; readonly about: string }[] = [
  { key: 'label', name: 'Label', about: '' },
  { key: 'images', name: 'Images', about: 'With this label and a vector' },
  { key: 'precisionAt1', name: 'Precision@1', about: 'Share whose nearest has this label' },
  { key: 'mapAtR', name: 'MAP@R', about: 'How well the others of the label come first' },
];

/** What is measured of each label; a click on a column orders by it. */
export function LabelTable({ perLabel }: LabelTableProps) {
  const [order, setOrder] = useState<LabelOrder>({ by: 'precisionAt1', descending: false });
  const rows = useMemo(() => orderedLabels(perLabel, order), [perLabel, order]);
  return (
    <table class="label-table">
      <caption class="unseen">What was measured of each label</caption>
      <thead>
        <tr>
          {columns.map(({ key, name, about }) => (
            <th
              key={key}
              scope="col"
              class={key === 'label' ? undefined : 'number'}
              aria-sort={order.by === key ? (order.descending ? 'descending' : 'ascending') : undefined}
            >
              <button
                type="button"
                title={about}
                onClick={() =>
                  setOrder({ by: key, descending: order.by === key ? !order.descending : key === 'images' })
                }
              >
                {name}
                <span aria-hidden="true" class="sort-mark">
                  {order.by === key ? (order.descending ? '↓' : '↑') : ''}
                </span>
              </button>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ label, images, precisionAt1, mapAtR }) => (
          <tr key={label}>
            <th scope="row">
              <a href={href({ screen: 'browse', params: { where: `label = ${quoted(label)}` } })}>{label}</a>
            </th>
            <td class="number">{count(images)}</td>
            <Share value={precisionAt1} />
            <Share value={mapAtR} />
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Share({ value }: { readonly value: number | null }) {
  if (value === null) {
    return (
      <td class="number muted" title="No other image has this label">
        –
      </td>
    );
  }
  return (
    <td class="number share">
      <span class="meter" aria-hidden="true">
        <span style={{ width: `${100 * value}%` }} />
      </span>
      {percent(value, 1)}
    </td>
  );
}
