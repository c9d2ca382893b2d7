import { useState } from 'preact/hooks';
import { Dialog } from '../ui/dialog.js';
import { counted } from '../ui/format.js';
import { LabelField } from './label-field.js';

interface LabelDialogProps {
  readonly images: number;
  readonly onClose: () => void;
  readonly onSet: (label: string | null) => void;
}

/** Gives some images one label, or takes theirs away. */
export function LabelDialog({ images, onClose, onSet }: LabelDialogProps) {
  const [label, setLabel] = useState('');
  const set = (text: string) => onSet(text.trim() === '' ? null : text.trim());
  return (
    <Dialog
      title={`Label ${counted(images, 'image')}`}
      size="small"
      onClose={onClose}
      actions={
        <>
          <button type="button" class="button" onClick={() => onSet(null)}>
            Take labels away
          </button>
          <button
            type="button"
            class="button primary"
            disabled={label.trim() === ''}
            onClick={() => set(label)}
          >
            Set label
          </button>
        </>
      }
    >
      <div class="label-dialog">
        <LabelField
          value={label}
          autoFocus
          onInput={setLabel}
          onCommit={(text) => text.trim() && set(text)}
        />
      </div>
    </Dialog>
  );
}
