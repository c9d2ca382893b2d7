import { useState } from 'preact/hooks';
import type { Crop } from '../api.js';
import { Dialog } from '../ui/dialog.js';
import { CropEditor } from './crop-editor.js';
import { isWhole, wholeImage } from './crop-region.js';

interface CropDialogProps {
  readonly src: string;
  readonly name: string;
  readonly value: Crop | undefined;
  readonly onClose: () => void;
  /** `undefined`: the whole image. */
  readonly onCrop: (region: Crop | undefined) => void;
}

const middle: Crop = { x: 0.15, y: 0.15, width: 0.7, height: 0.7 };

/** Chooses the part of an image that is searched for. */
export function CropDialog({ src, name, value, onClose, onCrop }: CropDialogProps) {
  const [region, setRegion] = useState(value ?? middle);
  const done = () => onCrop(isWhole(region) ? undefined : region);
  return (
    <Dialog
      title="Search for a part"
      size="large"
      onClose={onClose}
      actions={
        <>
          <p class="crop-hint">
            Draw a region, or move it with arrows and change its size with Shift and arrows.
          </p>
          <button type="button" class="button" onClick={() => setRegion(wholeImage)}>
            Whole image
          </button>
          <button type="button" class="button primary" onClick={done}>
            Search for it
          </button>
        </>
      }
    >
      <div class="crop-stage">
        <CropEditor src={src} alt={name} value={region} onChange={setRegion} onDone={done} />
      </div>
    </Dialog>
  );
}
