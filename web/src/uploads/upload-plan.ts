/** Files that are sent in one request. */
export interface UploadBatch {
  readonly files: readonly File[];
  readonly bytes: number;
}

export interface Refused {
  readonly name: string;
  readonly reason: string;
}

export interface UploadPlan {
  readonly batches: readonly UploadBatch[];
  readonly refused: readonly Refused[];
}

interface Limits {
  readonly fileBytes: number;
  readonly files: number;
}

/** A request that is cut off is sent again from its beginning, so it should not be long. */
const batchBytes = 200_000_000;

/** Cuts what was dropped into requests that the server takes. What it would not take in any case is not sent. */
export function uploadPlan(
  files: readonly File[],
  limits: Limits,
  bytesText: (bytes: number) => string,
): UploadPlan {
  const batches: { files: File[]; bytes: number }[] = [];
  const refused: Refused[] = [];
  for (const file of files) {
    if (file.size === 0) refused.push({ name: file.name, reason: 'it is empty, or a folder' });
    else if (file.size > limits.fileBytes) {
      refused.push({
        name: file.name,
        reason: `${bytesText(file.size)}, more than the ${bytesText(limits.fileBytes)} that the server takes`,
      });
    } else {
      const last = batches.at(-1);
      const fits = last && last.files.length < limits.files && last.bytes + file.size <= batchBytes;
      if (fits) {
        last.files.push(file);
        last.bytes += file.size;
      } else batches.push({ files: [file], bytes: file.size });
    }
  }
  return { batches, refused };
}
