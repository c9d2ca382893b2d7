import { api, type ImageDetails, thumbnailUrl } from '../../api.js';
import { noteSeen } from '../../query/query-picture.js';
import { searchHref } from '../../query/state.js';
import { useResource } from '../../resource.js';
import { collection, href } from '../../router.js';
import { contentVersion } from '../../state/collections.js';
import { altText, fileName } from '../../ui/format.js';

const shown = 14;

/** The images nearest to one. */
export function Neighbours({ image }: { readonly image: ImageDetails }) {
  const found = useResource(
    async (signal) => {
      if (!image.hasVector) return [];
      const here = collection.peek();
      const answer = await api.search(here, { like: [{ id: image.id }], k: shown + 1 }, new Map(), signal);
      noteSeen(here, answer.hits);
      return answer.hits.filter((hit) => hit.id !== image.id).slice(0, shown);
    },
    [image.id, contentVersion.value],
  );
  if (!image.hasVector) {
    return <p class="neighbours-none">It has no vector, so nothing can be said of what is like it.</p>;
  }
  if (found.failure) return <p class="neighbours-none">{found.failure.message}</p>;
  return (
    <section class="neighbours" aria-label="Nearest images">
      <div class="neighbours-head">
        <h2>Nearest</h2>
        <a href={searchHref(image.id)}>All that is similar</a>
      </div>
      <ul>
        {found.value
          ? found.value.map((hit) => (
              <li key={hit.id}>
                <a href={href({ screen: 'image', image: hit.id })} title={hit.name}>
                  <span class="picture">
                    <img
                      src={thumbnailUrl(collection.value, hit)}
                      alt={altText(hit)}
                      decoding="async"
                      draggable={false}
                    />
                  </span>
                  <span class="neighbour-about">
                    <span
                      class={
                        image.label !== null && hit.label === image.label ? 'tile-label same' : 'tile-label'
                      }
                    >
                      {hit.label ?? fileName(hit.name)}
                    </span>
                    <span class="tile-score">{hit.score.toFixed(2)}</span>
                  </span>
                </a>
              </li>
            ))
          : Array.from({ length: 8 }, (_, at) => (
              <li key={at} aria-hidden="true">
                <span class="picture skeleton" />
              </li>
            ))}
      </ul>
    </section>
  );
}
