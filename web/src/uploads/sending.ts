import { signal } from '@preact/signals';
import { noteJob } from '../state/jobs.js';
import { session } from '../state/session.js';
import { bytes } from '../ui/format.js';
import { sendFiles } from './send-files.js';
import { type Refused, uploadPlan } from './upload-plan.js';

interface Sending {
  readonly files: number;
  readonly bytes: number;
  readonly sent: number;
  cancel(): void;
}

/** What is on its way to the server, whichever screen it was started on. */
export const sending = signal<Sending | undefined>(undefined);

export interface Sent {
  readonly files: number;
  readonly refused: readonly Refused[];
}

/**
 * Sends files to be added to a collection, in as many requests as the server's limits make of them; jobs take them in.
 *
 * @throws Failure, or an `AbortError` where it was cancelled
 */
export async function sendToCollection(
  collection: string,
  files: readonly File[],
  label?: string,
): Promise<Sent> {
  if (sending.peek()) throw new Error('Other files are being sent: wait until they are, or cancel that.');
  const { batches, refused } = uploadPlan(files, session.peek()!.limits, bytes);
  const aborter = new AbortController();
  const all = {
    files: batches.reduce((sum, batch) => sum + batch.files.length, 0),
    bytes: batches.reduce((sum, batch) => sum + batch.bytes, 0),
    cancel: () => aborter.abort(),
  };
  let before = 0;
  try {
    for (const batch of batches) {
      const onSent = (sent: number) => {
        sending.value = { ...all, sent: before + Math.min(sent, batch.bytes) };
      };
      onSent(0);
      noteJob(await sendFiles(collection, batch.files, label, onSent, aborter.signal));
      before += batch.bytes;
    }
    return { files: all.files, refused };
  } finally {
    sending.value = undefined;
  }
}
