import { useMemo, useRef, useState } from 'preact/hooks';
import type { EvaluationSummary } from '../../api.js';
import { count, counted, percent } from '../../ui/format.js';
import { isStrong, shadeOf } from './cell-shade.js';
import { movedCell } from './matrix-moves.js';
import { type MatrixOrder, matrixOrder, matrixOrders, sum } from './matrix-order.js';
import { cellAs, cellOf, matrixOrderParam } from './quality-params.js';

interface ConfusionMatrixProps {
  readonly confusion: EvaluationSummary['confusion'];
}

const orderNames: Record<MatrixOrder, string> = {
  alike: 'Taken for each other',
  name: 'By name',
  mistakes: 'Most mistakes first',
  images: 'Most images first',
};

/** How images of each label are taken for others: a table to walk through with arrows, whose cells open their images. */
export function ConfusionMatrix({ confusion }: ConfusionMatrixProps) {
  const { labels, counts, leftOut } = confusion;
  const order = matrixOrderParam.value;
  const indexes = useMemo(() => matrixOrder(confusion, order), [confusion, order]);
  const [focus, setFocus] = useState<[number, number]>([0, 0]);
  const table = useRef<HTMLTableElement>(null);
  const open = (of: string, as: string) => {
    cellOf.set(of);
    cellAs.set(as, { replace: true });
  };
  return (
    <div class="confusion">
      <div class="confusion-head">
        <label class="field inline">
          <span>Order</span>
          <select
            class="input"
            value={order}
            onChange={(event) => matrixOrderParam.set(event.currentTarget.value as MatrixOrder)}
          >
            {matrixOrders.map((name) => (
              <option key={name} value={name}>
                {orderNames[name]}
              </option>
            ))}
          </select>
        </label>
        <p class="muted">
          Rows are the labels of images, columns those of the ones nearest to them.
          {leftOut > 0 && ` ${counted(leftOut, 'label')} of few images are not shown.`}
        </p>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys where no cell is. */}
      <section class="matrix-scroll" aria-label="Confusion matrix" tabIndex={0}>
        <table
          ref={table}
          class={`matrix${labels.length > 24 ? ' dense' : ''}`}
          onKeyDown={(event) => {
            if (event.ctrlKey || event.metaKey || event.altKey) return;
            const cell = (event.target as Element).closest('td');
            const row = cell?.closest('tr');
            if (!cell || !row) return;
            // From where the focus is, not from what was drawn last: keys may come faster than that.
            const to = movedCell(event.key, [row.sectionRowIndex, cell.cellIndex - 1], labels.length - 1);
            if (!to) return;
            event.preventDefault();
            event.stopPropagation();
            const next = table.current?.tBodies[0]?.rows[to[0]]?.cells[to[1] + 1];
            next?.querySelector('button')?.focus();
          }}
        >
          <caption class="unseen">
            How many images of each label have a nearest image of which label. Arrow keys move between cells,
            Enter opens the images of a cell.
          </caption>
          <thead>
            <tr>
              <td class="corner" />
              {indexes.map((index) => (
                <th key={index} scope="col">
                  <span title={labels[index]}>{labels[index]}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {indexes.map((of, row) => {
              const total = sum(counts[of]!);
              return (
                <tr key={of}>
                  <th scope="row">
                    <span title={labels[of]}>{labels[of]}</span>
                  </th>
                  {indexes.map((as, column) => {
                    const images = counts[of]![as]!;
                    const share = total === 0 ? 0 : images / total;
                    const isFocus = focus[0] === row && focus[1] === column;
                    return (
                      <td key={as}>
                        <button
                          type="button"
                          class={cellClass(of === as, share)}
                          tabIndex={isFocus ? 0 : -1}
                          style={{ '--shade': shadeOf(share).toFixed(3) }}
                          title={`${labels[of]} → ${labels[as]}: ${images} (${percent(share)})`}
                          aria-label={`${labels[of]} taken for ${labels[as]}: ${counted(images, 'image')}, ${percent(share)}`}
                          onFocus={() => setFocus([row, column])}
                          onClick={() => open(labels[of]!, labels[as]!)}
                        >
                          {images > 0 ? count(images) : ''}
                        </button>
                      </td>
                    );
                  })}
                </tr>
              );
            })}
          </tbody>
        </table>
      </section>
    </div>
  );
}

function cellClass(isRight: boolean, share: number): string {
  return `matrix-cell ${isRight ? 'right' : 'wrong'}${isStrong(share) ? ' strong' : ''}${share === 0 ? ' none' : ''}`;
}
