import { useState } from 'preact/hooks';
import { api, type Facets as FacetsAnswer } from '../api.js';
import { useResource } from '../resource.js';
import { collection } from '../router.js';
import { contentVersion } from '../state/collections.js';
import { count } from '../ui/format.js';
import { Icon } from '../ui/icon.js';
import { SkeletonLines } from '../ui/states.js';
import { chosenValues, toggleValue, withoutField } from './filter-text.js';

interface FacetsProps {
  readonly filter: string;
  readonly onChange: (filter: string) => void;
}

type Facet = FacetsAnswer['facets'][number];

const fewValues = 8;
const manyValues = 1000;

/**
 * What values images have, to be chosen. The values of a field are counted under the conditions on all other fields,
 * so that another one can be chosen instead.
 */
export function Facets({ filter, onChange }: FacetsProps) {
  const facets = useResource(
    async (signal) => {
      const here = collection.peek();
      const all = await api.facets(here, { filter }, signal);
      const fields = all.facets.map((facet) => facet.field);
      const chosen = fields.filter((field) => chosenValues(filter, field).length > 0);
      const others = await Promise.all(
        chosen.map((field) =>
          api.facets(here, { filter: withoutField(filter, field), fields: field }, signal),
        ),
      );
      return all.facets.map((facet) => others[chosen.indexOf(facet.field)]?.facets[0] ?? facet);
    },
    [filter, contentVersion.value],
    { keep: true },
  );
  if (!facets.value) return facets.failure ? null : <SkeletonLines lines={6} />;
  return (
    <>
      {facets.value
        .filter((facet) => facet.values.length > 0)
        .map((facet) => (
          <FacetSection key={facet.field} facet={facet} filter={filter} onChange={onChange} />
        ))}
    </>
  );
}

interface SectionProps extends FacetsProps {
  readonly facet: Facet;
}

function FacetSection({ facet, filter, onChange }: SectionProps) {
  const [all, setAll] = useState(false);
  const [sought, setSought] = useState('');
  const more = useResource(
    (signal) =>
      all && facet.more
        ? api
            .facets(
              collection.peek(),
              { filter: withoutField(filter, facet.field), fields: facet.field, limit: manyValues },
              signal,
            )
            .then((answer) => answer.facets[0]?.values ?? [])
        : Promise.resolve(undefined),
    [all, filter, facet],
    { keep: true },
  );
  const chosen = chosenValues(filter, facet.field);
  const values = (all ? more.value : undefined) ?? facet.values;
  const wanted = sought.trim().toLowerCase();
  const matching = wanted
    ? values.filter(({ value }) => (value ?? 'none').toLowerCase().includes(wanted))
    : values;
  // What is chosen never hides behind "show all".
  const shown = all
    ? matching
    : matching.filter((each, at) => at < fewValues || chosen.includes(each.filter));
  const most = Math.max(1, ...values.map((each) => each.images));
  const hidden = matching.length - shown.length;
  const toggle = (value: string) => onChange(toggleValue(filter, facet.field, value));
  return (
    <fieldset class="facet">
      <legend class="facet-title">
        {titleOf(facet.field)}
        {chosen.length > 0 && (
          <button
            type="button"
            class="facet-clear"
            aria-label={`Clear ${titleOf(facet.field)}`}
            onClick={() => onChange(withoutField(filter, facet.field))}
          >
            clear
          </button>
        )}
      </legend>
      {all && values.length > fewValues && (
        <input
          class="input facet-search"
          type="search"
          placeholder={`Find in ${count(values.length)}`}
          aria-label={`Find a value of ${titleOf(facet.field)}`}
          value={sought}
          onInput={(event) => setSought(event.currentTarget.value)}
        />
      )}
      <div class={all ? 'facet-values long' : 'facet-values'}>
        {shown.map((each) => {
          const on = chosen.includes(each.filter);
          return (
            <label key={each.filter} class={on ? 'facet-value on' : 'facet-value'}>
              <input type="checkbox" checked={on} onChange={() => toggle(each.filter)} />
              <span class={each.value === null ? 'facet-name none' : 'facet-name'}>
                {each.value ?? 'none'}
              </span>
              <span class="facet-count">{count(each.images)}</span>
              <span class="facet-bar" style={{ transform: `scaleX(${each.images / most})` }} />
            </label>
          );
        })}
        {shown.length === 0 && <p class="facet-nothing">No such value</p>}
      </div>
      {!all && (hidden > 0 || facet.more) && (
        <button type="button" class="facet-more" onClick={() => setAll(true)}>
          <Icon name="down" size={14} /> {facet.more ? 'Show more' : `${count(hidden)} more`}
        </button>
      )}
      {all && (
        <button
          type="button"
          class="facet-more"
          onClick={() => {
            setAll(false);
            setSought('');
          }}
        >
          Show less
        </button>
      )}
    </fieldset>
  );
}

function titleOf(field: string): string {
  const plain = field.replaceAll('`', '');
  return plain.charAt(0).toUpperCase() + plain.slice(1);
}
