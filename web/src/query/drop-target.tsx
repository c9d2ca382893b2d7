import { useEffect, useState } from 'preact/hooks';
import { collection, navigate, route } from '../router.js';
import { mayChange } from '../state/session.js';
import { count, counted } from '../ui/format.js';
import { Icon } from '../ui/icon.js';
import { toast, toastFailure } from '../ui/toast.js';
import { sendToCollection } from '../uploads/sending.js';
import { imageFilesOf, query, searchForFiles } from './state.js';

/** Takes images that are dropped anywhere, or pasted: to be searched for, or to be added to the collection. */
export function DropTarget() {
  const [over, setOver] = useState(false);
  useEffect(() => {
    // Entering a child comes before leaving its parent, so entries are counted.
    let depth = 0;
    const bringsFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
    const enter = (event: DragEvent) => {
      if (!bringsFiles(event) || hasOwnPlace()) return;
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
      if (hasOwnPlace()) return;
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

/** Whether the screen has a place to drop files at itself, which must not be covered. */
function hasOwnPlace(): boolean {
  return route.peek().screen === 'jobs' && mayChange();
}

/** Sends files to be added to the collection; the jobs that take them in go on by themselves. */
export async function addToCollection(files: readonly File[]): Promise<void> {
  toast(`Sending ${counted(files.length, 'image')} …`);
  const show = { label: 'Show', run: () => navigate({ screen: 'jobs' }) };
  try {
    const { files: sent, refused } = await sendToCollection(collection.peek(), files);
    const [first] = refused;
    if (first) {
      const others = refused.length > 1 ? `, and ${count(refused.length - 1)} more` : '';
      toast(`Not sent: ${first.name}: ${first.reason}${others}`, { tone: 'bad' });
    }
    if (sent > 0) toast(`Adding ${counted(sent, 'image')}`, { action: show });
  } catch (error) {
    toastFailure(error);
  }
}
