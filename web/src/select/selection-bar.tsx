import { useEffect, useRef, useState } from 'preact/hooks';
import { api } from '../api.js';
import { useShortcuts } from '../keyboard.js';
import { partOfId, type QueryPart } from '../query/query.js';
import { query, searchFor } from '../query/state.js';
import { collection } from '../router.js';
import { contentChanged } from '../state/collections.js';
import { selection } from '../state/selection.js';
import { mayChange } from '../state/session.js';
import { confirm } from '../ui/dialog.js';
import { counted } from '../ui/format.js';
import { Icon } from '../ui/icon.js';
import { below, openMenu } from '../ui/menu.js';
import { toast, toastFailure } from '../ui/toast.js';
import { detailsOf } from './details-of.js';
import { type ExportFormat, exported, type Scores, saveFile } from './export.js';
import { LabelDialog } from './label-dialog.js';

interface SelectionBarProps {
  /** Of the search that is shown, for what is exported. */
  readonly scores?: () => Scores;
  /** How all that the screen shows is selected. */
  readonly onSelectAll?: () => void;
}

const exportNames: Record<ExportFormat, string> = { csv: 'CSV table', json: 'JSON', paths: 'List of paths' };
const mostOfQuery = 8;

/** What can be done with what is selected. */
export function SelectionBar({ scores, onSelectAll }: SelectionBarProps) {
  const [labelling, setLabelling] = useState(false);
  const count = selection.count.value;
  useShortcuts([
    {
      keys: ['Escape'],
      does: 'Select nothing',
      section: 'Selection',
      run: () => (selection.count.peek() > 0 ? selection.clear() : false),
    },
    {
      keys: ['Ctrl+a'],
      does: 'Select all',
      section: 'Selection',
      run: () => (onSelectAll ? onSelectAll() : false),
    },
    {
      keys: ['l'],
      does: 'Label what is selected',
      section: 'Selection',
      run: () => (mayChange() && selection.count.peek() > 0 ? setLabelling(true) : false),
    },
  ]);
  const ids = () => [...selection.ids.peek()];
  const hadFocus = useRef(false);
  // The bar takes the focus with it when it goes; the list is where one goes on.
  useEffect(() => {
    if (count > 0) return;
    if (hadFocus.current && document.activeElement === document.body) {
      document
        .querySelector<HTMLElement>('main [role="grid"] [tabindex="0"]')
        ?.focus({ preventScroll: true });
    }
    hadFocus.current = false;
  }, [count]);

  const searchWith = (unlike: boolean) => {
    const parts: readonly QueryPart[] = ids()
      .slice(0, mostOfQuery)
      .map((id) => partOfId(id, unlike));
    if (ids().length > mostOfQuery) toast(`A query is made of the first ${mostOfQuery}`);
    selection.clear();
    searchFor(unlike ? [...query.peek(), ...parts] : parts);
  };

  const save = async (format: ExportFormat) => {
    const here = collection.peek();
    try {
      const wanted = ids();
      if (wanted.length > 500) toast(`Reading what is known of ${counted(wanted.length, 'image')} …`);
      const images = await detailsOf(here, wanted);
      saveFile(`${here}-${images.length}-images`, format, exported(images, format, scores?.()));
      toast(`Exported ${counted(images.length, 'image')}`);
    } catch (error) {
      toastFailure(error);
    }
  };

  const label = async (text: string | null) => {
    setLabelling(false);
    try {
      const { images } = await api.editImages(collection.peek(), { ids: ids(), label: text });
      toast(
        text === null
          ? `Took the labels of ${counted(images, 'image')} away`
          : `Labelled ${counted(images, 'image')} “${text}”`,
      );
      contentChanged();
    } catch (error) {
      toastFailure(error);
    }
  };

  const remove = async () => {
    const here = collection.peek();
    const wanted = ids();
    const sure = await confirm({
      title: `Remove ${counted(wanted.length, 'image')}?`,
      text: (
        <p>
          Takes them out of this collection, with their labels and vectors. Their files stay where they are;
          adding the folder again brings them back.
        </p>
      ),
      action: 'Remove',
      danger: true,
    });
    if (!sure) return;
    try {
      const { images } = await api.removeImages(here, wanted);
      selection.remove(wanted);
      toast(`Removed ${counted(images, 'image')}`);
      contentChanged();
    } catch (error) {
      toastFailure(error);
    }
  };

  if (count === 0) return null;
  return (
    <>
      <section
        class="selection-bar"
        aria-label="Selection"
        onFocusIn={() => {
          hadFocus.current = true;
        }}
        onFocusOut={(event) => {
          if (event.relatedTarget) hadFocus.current = false;
        }}
      >
        <span class="selection-count" role="status">
          {count.toLocaleString('en')} selected
        </span>
        {onSelectAll && (
          <button type="button" class="button quiet small" onClick={onSelectAll}>
            All
          </button>
        )}
        <span class="selection-gap" />
        <button
          type="button"
          class="button small"
          title="Search for what is like them"
          aria-label="Similar"
          onClick={() => searchWith(false)}
        >
          <Icon name="similar" /> <span class="wide-only">Similar</span>
        </button>
        {query.value.some((part) => !part.unlike) && (
          <button
            type="button"
            class="button small"
            title="Less like them"
            aria-label="Unlike"
            onClick={() => searchWith(true)}
          >
            <Icon name="unlike" /> <span class="wide-only">Unlike</span>
          </button>
        )}
        {mayChange() && (
          <button
            type="button"
            class="button small"
            title="Label (l)"
            aria-label="Label"
            onClick={() => setLabelling(true)}
          >
            <Icon name="tag" /> <span class="wide-only">Label</span>
          </button>
        )}
        <button
          type="button"
          class="button small"
          aria-haspopup="menu"
          aria-label="Export"
          title="Export"
          onClick={(event) =>
            openMenu(
              'Export',
              (Object.keys(exportNames) as ExportFormat[]).map((format) => ({
                label: exportNames[format],
                run: () => void save(format),
              })),
              below(event.currentTarget),
            )
          }
        >
          <Icon name="download" /> <span class="wide-only">Export</span>
        </button>
        {mayChange() && (
          <button
            type="button"
            class="button small"
            aria-label="Remove"
            title="Remove"
            onClick={() => void remove()}
          >
            <Icon name="trash" /> <span class="wide-only">Remove</span>
          </button>
        )}
        <button
          type="button"
          class="button quiet small icon-only"
          aria-label="Select nothing"
          title="Select nothing (Esc)"
          onClick={() => selection.clear()}
        >
          <Icon name="close" />
        </button>
      </section>
      {labelling && (
        <LabelDialog images={count} onClose={() => setLabelling(false)} onSet={(text) => void label(text)} />
      )}
    </>
  );
}
