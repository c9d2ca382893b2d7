import { useRef, useState } from 'preact/hooks';
import { api } from '../api.js';
import { useShortcuts } from '../keyboard.js';
import { collection } from '../router.js';
import { Icon } from '../ui/icon.js';
import { toastFailure } from '../ui/toast.js';
import { partOfId, type QueryPart, readId, replacePart, withPart } from './query.js';
import { QueryChip } from './query-chip.js';
import { noteSeen } from './query-picture.js';
import { acceptedFiles, changeQuery, searchFor, searchForFiles } from './state.js';

interface QueryBoxProps {
  readonly parts: readonly QueryPart[];
  readonly busy: boolean;
}

/** What is searched for: images that are dropped, pasted or chosen, ids that are typed, picks from a grid. */
export function QueryBox({ parts, busy }: QueryBoxProps) {
  const [draft, setDraft] = useState('');
  const [wrong, setWrong] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const chooser = useRef<HTMLInputElement>(null);
  useShortcuts([
    { keys: ['/'], does: 'Search box', section: 'Search', run: () => field.current?.focus() },
    {
      keys: ['o'],
      does: 'Choose a file to search for',
      section: 'Search',
      run: () => chooser.current?.click(),
    },
    { keys: ['Ctrl+v'], does: 'Search for the image in the clipboard', section: 'Search', run: () => false },
  ]);

  const add = async () => {
    const id = readId(draft);
    if (id === undefined) {
      setWrong(
        draft.trim() === ''
          ? ''
          : `“${draft.trim()}” is no id. Type a number, like 12, or drop an image; words go into the filter.`,
      );
      return;
    }
    try {
      const here = collection.peek();
      noteSeen(here, [await api.image(here, id)]);
      if (here !== collection.peek()) return;
      setDraft('');
      setWrong('');
      searchFor(withPart(parts, partOfId(id)));
    } catch (error) {
      toastFailure(error);
    }
  };

  return (
    <div class="query-area">
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: only gives the focus to the field within. */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: as above. */}
      <div
        class={busy ? 'query-box busy' : 'query-box'}
        onClick={(event) => event.target === event.currentTarget && field.current?.focus()}
      >
        <Icon name="search" />
        {parts.map((part, index) => (
          <QueryChip
            key={index}
            part={part}
            onChange={(changes, replace) => changeQuery(replacePart(parts, index, changes), replace)}
          />
        ))}
        <input
          ref={field}
          class="query-field"
          type="text"
          inputMode="numeric"
          autocomplete="off"
          aria-label="Add an image by its id"
          aria-invalid={wrong !== ''}
          aria-describedby="query-wrong"
          placeholder={parts.length > 0 ? 'Add an image or id' : 'Drop or paste an image, or type an id'}
          value={draft}
          onInput={(event) => {
            setDraft(event.currentTarget.value);
            setWrong('');
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter') void add();
            if (event.key === 'Backspace' && draft === '' && parts.length > 0) {
              changeQuery(replacePart(parts, parts.length - 1, undefined));
            }
            if (event.key === 'Escape') field.current?.blur();
          }}
        />
        {parts.length > 0 && (
          <button type="button" class="button quiet small" onClick={() => changeQuery([])}>
            Clear
          </button>
        )}
        <button
          type="button"
          class="button small"
          aria-label="Choose image"
          title="Choose a file (o)"
          onClick={() => chooser.current?.click()}
        >
          <Icon name="upload" /> <span class="wide-only">Choose image</span>
        </button>
        <input
          ref={chooser}
          type="file"
          accept={acceptedFiles}
          multiple
          hidden
          aria-label="Images to search for"
          data-role="query-file"
          onChange={(event) => {
            const files = [...(event.currentTarget.files ?? [])];
            event.currentTarget.value = '';
            void searchForFiles(files, true);
          }}
        />
      </div>
      <p id="query-wrong" class="field-error" role="alert" hidden={wrong === ''}>
        {wrong}
      </p>
    </div>
  );
}
