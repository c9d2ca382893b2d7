import type { ComponentChildren } from 'preact';
import type { ImageDetails } from '../../api.js';
import { quoted } from '../../filters/filter-text.js';
import { href } from '../../router.js';
import { bytes, time } from '../../ui/format.js';
import { flattened } from './flattened.js';

/** What is known of an image, as a table. */
export function Facts({ image }: { readonly image: ImageDetails }) {
  const rows: (readonly [string, ComponentChildren])[] = [
    ['Size', image.width && image.height ? `${image.width} × ${image.height}` : undefined],
    [
      'Format',
      [image.format?.toUpperCase(), image.bytes === null ? undefined : bytes(image.bytes)]
        .filter(Boolean)
        .join(', '),
    ],
    [
      'Split',
      image.split && <FilterLink filter={`split = ${quoted(image.split)}`}>{image.split}</FilterLink>,
    ],
    ['File', <span class="path">{image.path}</span>],
    ['Source', <span class="path">{image.source}</span>],
    ['Changed', image.modifiedAt && time(image.modifiedAt)],
    ['Added', time(image.addedAt)],
    ['SHA-256', image.sha256 && <code class="path">{image.sha256}</code>],
    ['Id', image.id],
  ];
  const metadata = flattened(image.metadata);
  return (
    <>
      <FactTable
        rows={rows.filter(([, value]) => value !== null && value !== undefined && value !== '')}
        caption="About"
      />
      {metadata.length > 0 && (
        <FactTable
          caption="Metadata"
          rows={metadata.map(({ key, value, filter }) => [
            key,
            filter ? <FilterLink filter={filter}>{value}</FilterLink> : value,
          ])}
        />
      )}
    </>
  );
}

function FactTable({
  rows,
  caption,
}: {
  readonly rows: readonly (readonly [string, ComponentChildren])[];
  readonly caption: string;
}) {
  return (
    <table class="facts">
      <caption>{caption}</caption>
      <tbody>
        {rows.map(([name, value]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Leads to all images that have the same. */
function FilterLink({ filter, children }: { readonly filter: string; readonly children: ComponentChildren }) {
  return (
    <a
      class="fact-link"
      href={href({ screen: 'browse', params: { where: filter } })}
      title={`Browse ${filter}`}
    >
      {children}
    </a>
  );
}
