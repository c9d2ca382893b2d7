import { useId, useRef, useState } from 'preact/hooks';
import { failureOf, isAbort } from '../../api.js';
import { collection } from '../../router.js';
import { bytes, counted, percent } from '../../ui/format.js';
import { Icon } from '../../ui/icon.js';
import { announce } from '../../ui/toast.js';
import { droppedFiles } from '../../uploads/dropped-files.js';
import { sending, sendToCollection } from '../../uploads/sending.js';
import type { Refused } from '../../uploads/upload-plan.js';

/** A place to drop files and folders at, which the server then takes into the collection. */
export function UploadPanel() {
  const input = useRef<HTMLInputElement>(null);
  const labelId = useId();
  const [label, setLabel] = useState('');
  const [over, setOver] = useState(false);
  const now = sending.value;
  const [refused, setRefused] = useState<readonly Refused[]>([]);
  const [problem, setProblem] = useState<string>();

  const send = async (files: readonly File[]) => {
    if (files.length === 0) return;
    setProblem(undefined);
    setRefused([]);
    try {
      const sent = await sendToCollection(collection.peek(), files, label.trim() || undefined);
      setRefused(sent.refused);
      if (sent.files > 0) announce(`${counted(sent.files, 'file')} sent`);
    } catch (error) {
      if (!isAbort(error)) setProblem(failureOf(error).message);
    }
  };

  return (
    <section class="upload" aria-labelledby={`${labelId}-title`}>
      <h2 id={`${labelId}-title`}>Add images</h2>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the button in it is the first. */}
      <div
        class={`upload-zone${over ? ' over' : ''}`}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={(event) => {
          if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
        }}
        onDrop={(event) => {
          event.preventDefault();
          event.stopPropagation();
          setOver(false);
          if (event.dataTransfer) {
            droppedFiles(event.dataTransfer).then(send, (error: unknown) =>
              setProblem(failureOf(error).message),
            );
          }
        }}
      >
        {now ? (
          <div class="drop-sending">
            <progress max={1} value={now.sent / now.bytes} aria-label="Sending files" />
            <span class="number">
              Sending {counted(now.files, 'file')}: {bytes(now.sent)} of {bytes(now.bytes)} (
              {percent(now.sent / now.bytes)})
            </span>
            <button type="button" class="button small" onClick={() => now.cancel()}>
              Cancel
            </button>
          </div>
        ) : (
          <>
            <Icon name="upload" size={22} />
            <span>Drop files or folders here</span>
            <button type="button" class="button" onClick={() => input.current!.click()}>
              Choose files
            </button>
          </>
        )}
        <input
          ref={input}
          type="file"
          multiple
          accept="image/*,.heic,.heif,.avif,.tif,.tiff"
          class="unseen"
          tabIndex={-1}
          aria-label="Files to add"
          onChange={(event) => {
            const files = [...(event.currentTarget.files ?? [])];
            event.currentTarget.value = '';
            void send(files);
          }}
        />
      </div>
      <label class="field">
        <span>Label of all of them (may be left empty)</span>
        <input
          class="input"
          value={label}
          maxLength={500}
          onInput={(event) => setLabel(event.currentTarget.value)}
        />
      </label>
      {problem && (
        <p class="field-error" role="alert">
          {problem}
        </p>
      )}
      {refused.length > 0 && (
        <div role="status">
          <p class="field-error">{counted(refused.length, 'file')} not sent:</p>
          <ul class="refused">
            {refused.map(({ name, reason }, at) => (
              <li key={at}>
                <code>{name}</code> {reason}
              </li>
            ))}
          </ul>
        </div>
      )}
    </section>
  );
}
