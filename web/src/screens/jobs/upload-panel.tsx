import { useId, useRef, useState } from 'preact/hooks';
import { failureOf, isAbort } from '../../api.js';
import { collection } from '../../router.js';
import { noteJob } from '../../state/jobs.js';
import { session } from '../../state/session.js';
import { bytes, counted, percent } from '../../ui/format.js';
import { Icon } from '../../ui/icon.js';
import { announce } from '../../ui/toast.js';
import { droppedFiles } from './dropped-files.js';
import { sendFiles } from './send-files.js';
import { type Refused, uploadPlan } from './upload-plan.js';

interface Sending {
  readonly files: number;
  readonly bytes: number;
  readonly sent: number;
  readonly aborter: AbortController;
}

/** A place to drop files and folders at, which the server then takes into the collection. */
export function UploadPanel() {
  const input = useRef<HTMLInputElement>(null);
  const labelId = useId();
  const [label, setLabel] = useState('');
  const [over, setOver] = useState(false);
  const [sending, setSending] = useState<Sending>();
  const [refused, setRefused] = useState<readonly Refused[]>([]);
  const [problem, setProblem] = useState<string>();

  const send = async (files: readonly File[]) => {
    if (files.length === 0 || sending) return;
    const plan = uploadPlan(files, session.peek()!.limits, bytes);
    setRefused(plan.refused);
    setProblem(undefined);
    const total = plan.batches.reduce((sum, batch) => sum + batch.bytes, 0);
    const number = plan.batches.reduce((sum, batch) => sum + batch.files.length, 0);
    if (number === 0) return;
    const aborter = new AbortController();
    const state = { files: number, bytes: total, sent: 0, aborter };
    setSending(state);
    let before = 0;
    try {
      for (const batch of plan.batches) {
        const onSent = (sent: number) => setSending({ ...state, sent: before + Math.min(sent, batch.bytes) });
        noteJob(
          await sendFiles(collection.peek(), batch.files, label.trim() || undefined, onSent, aborter.signal),
        );
        before += batch.bytes;
      }
      announce(`${counted(number, 'file')} sent`);
    } catch (error) {
      if (!isAbort(error)) setProblem(failureOf(error).message);
    } finally {
      setSending(undefined);
    }
  };

  return (
    <section class="upload" aria-labelledby={`${labelId}-title`}>
      <h2 id={`${labelId}-title`}>Add images</h2>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the button in it is the first. */}
      <div
        class={`drop-zone${over ? ' over' : ''}`}
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
          if (event.dataTransfer) void droppedFiles(event.dataTransfer).then(send);
        }}
      >
        {sending ? (
          <div class="drop-sending">
            <progress max={1} value={sending.sent / sending.bytes} aria-label="Sending files" />
            <span class="number">
              Sending {counted(sending.files, 'file')}: {bytes(sending.sent)} of {bytes(sending.bytes)} (
              {percent(sending.sent / sending.bytes)})
            </span>
            <button type="button" class="button small" onClick={() => sending.aborter.abort()}>
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
            {refused.map(({ name, reason }) => (
              <li key={name}>
                <code>{name}</code> {reason}
              </li>
            ))}
          </ul>
        </div>
      )}
    </section>
  );
}
