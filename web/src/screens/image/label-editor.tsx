import { useEffect, useState } from 'preact/hooks';
import { api, type ImageDetails } from '../../api.js';
import { changeEverywhere } from '../../lists/lists.js';
import { collection } from '../../router.js';
import { LabelField } from '../../select/label-field.js';
import { loadCollections } from '../../state/collections.js';
import { mayChange } from '../../state/session.js';
import { toast, toastFailure } from '../../ui/toast.js';

interface LabelEditorProps {
  readonly image: ImageDetails;
  readonly onChange: (image: ImageDetails) => void;
}

/** The label of an image, to be changed. It holds when Enter is pressed; what was before can be had back. */
export function LabelEditor({ image, onChange }: LabelEditorProps) {
  const [draft, setDraft] = useState(image.label ?? '');
  useEffect(() => setDraft(image.label ?? ''), [image.id, image.label]);

  // Of the collection that is shown now: the undoing may be clicked when another one is.
  const here = collection.value;
  const set = async (label: string | null, before: string | null) => {
    try {
      const changed = await api.editImage(here, image.id, { label });
      if (here === collection.peek()) onChange(changed);
      changeEverywhere(here, (each) => (each.id === image.id ? { ...each, label } : each));
      void loadCollections();
      toast(label === null ? 'Took the label away' : `Labelled “${label}”`, {
        action: { label: 'Undo', run: () => void set(before, label) },
      });
    } catch (error) {
      toastFailure(error);
    }
  };
  const commit = (text: string) => {
    const label = text.trim() === '' ? null : text.trim();
    setDraft(label ?? '');
    if (label !== image.label) void set(label, image.label);
  };

  if (!mayChange()) return <p class="label-shown">{image.label ?? <span class="muted">No label</span>}</p>;
  const changed = draft.trim() !== (image.label ?? '');
  return (
    <form
      class="label-editor"
      onSubmit={(event) => {
        event.preventDefault();
        commit(draft);
      }}
    >
      <LabelField value={draft} onInput={setDraft} onCommit={commit} />
      {changed && (
        <button type="submit" class="button primary">
          Save
        </button>
      )}
    </form>
  );
}
