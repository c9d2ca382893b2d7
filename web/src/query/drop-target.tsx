import { useEffect, useState } from 'preact/hooks';
import { api } from '../api.js';
import { collection, navigate, route } from '../router.js';
import { noteJob } from '../state/jobs.js';
import { mayChange } from '../state/session.js';
import { counted } from '../ui/format.js';
import { Icon } from '../ui/icon.js';
import { toast, toastFailure } from '../ui/toast.js';
import { imageFilesOf, query, searchForFiles } from './state.js';

/** Takes images that are dropped anywhere, or pasted: to be searched for, or to be added to the collection. */
export function DropTarget() {
  const [over, setOver] = useState(false);
  useEffect(() => {
    // Entering a child comes before leaving its parent, so entries are counted.
    let depth = 0;
    const bringsFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
    const enter = (event: DragEvent) => {
      if (!bringsFiles(event)) return;
      depth++;
      setOver(true);
    };
    const leave = () => {
      depth = Math.max(0, depth - 1);
      if (depth === 0) setOver(false);
    };
    const hover = (event: DragEvent) => {
      if (bringsFiles(event)) event.preventDefault();
    };
    const drop = (event: DragEvent) => {
      depth = 0;
      setOver(false);
      if (!bringsFiles(event)) return;
      event.preventDefault();
      const files = imageFilesOf(event.dataTransfer);
      if (files.length === 0) {
        toast('That is no image', { tone: 'bad' });
        return;
      }
      const wanted = (event.target as Element).closest?.<HTMLElement>('[data-drop]')?.dataset.drop;
      if (wanted === 'collection') void addToCollection(files);
      else void searchForFiles(files, wanted === 'more');
    };
    const paste = (event: ClipboardEvent) => {
      const files = imageFilesOf(event.clipboardData);
      // Who pastes into a field wants the text, where there is some: office programs put a picture of it beside it.
      const inField = (event.target as Element).closest?.('input, textarea');
      if (files.length === 0 || (inField && event.clipboardData?.types.includes('text/plain'))) return;
      event.preventDefault();
      void searchForFiles(files, false);
    };
    addEventListener('dragenter', enter);
    addEventListener('dragleave', leave);
    addEventListener('dragover', hover);
    addEventListener('drop', drop);
    addEventListener('paste', paste);
    return () => {
      removeEventListener('dragenter', enter);
      removeEventListener('dragleave', leave);
      removeEventListener('dragover', hover);
      removeEventListener('drop', drop);
      removeEventListener('paste', paste);
    };
  }, []);
  if (!over) return null;
  const more = route.value.screen === 'search' && query.value.length > 0;
  return (
    <div class="drop-overlay">
      <div class="drop-field" data-drop="search">
        <Icon name="similar" size={32} />
        <b>Search for it</b>
      </div>
      {more && (
        <div class="drop-field" data-drop="more">
          <Icon name="plus" size={32} />
          <b>Add it to the query</b>
        </div>
      )}
      {mayChange() && (
        <div class="drop-field" data-drop="collection">
          <Icon name="upload" size={32} />
          <b>Add it to “{collection.value}”</b>
        </div>
      )}
    </div>
  );
}

/** Sends files to be added to the collection; the job that takes them in goes on by itself. */
export async function addToCollection(files: readonly File[], label?: string): Promise<void> {
  toast(`Sending ${counted(files.length, 'image')} …`);
  try {
    const job = await api.upload(collection.peek(), files, label);
    noteJob(job);
    toast(`Adding ${counted(files.length, 'image')}`, {
      action: { label: 'Show', run: () => navigate({ screen: 'jobs' }) },
    });
  } catch (error) {
    toastFailure(error);
  }
}
