import { useState } from 'preact/hooks';
import { Icon } from '../ui/icon.js';
import { Popover } from '../ui/popover.js';
import { CropDialog } from './crop-dialog.js';
import { type QueryPart, weightOf, weightRange } from './query.js';
import { useQueryPicture } from './query-picture.js';

interface QueryChipProps {
  readonly part: QueryPart;
  /** `undefined` takes it out. */
  readonly onChange: (changes: Partial<QueryPart> | undefined, replace?: boolean) => void;
}

/** An image of the query: on which side, how much, and which part of it. */
export function QueryChip({ part, onChange }: QueryChipProps) {
  const [cropping, setCropping] = useState(false);
  const { small, large, name } = useQueryPicture(part);
  const weight = weightOf(part);
  const side = part.unlike ? 'Unlike' : 'Like';
  return (
    // biome-ignore lint/a11y/useSemanticElements: a chip among others, no list of fields.
    <div class={part.unlike ? 'chip unlike' : 'chip'} role="group" aria-label={`${side} ${name}`}>
      <Popover
        label={`${side} ${name}, weight ${weight}`}
        buttonClass="chip-picture"
        button={<ChipPicture src={small} crop={part.crop} />}
      >
        {(close) => (
          <div class="chip-panel">
            <div class="chip-large">
              {large ? <img src={large} alt={name} /> : <Icon name="image" size={28} />}
            </div>
            <label class="field">
              <span>
                Weight <b class="number">{weight.toFixed(1)}</b>
              </span>
              <input
                type="range"
                min={weightRange.least}
                max={weightRange.most}
                step={0.1}
                value={weight}
                onInput={(event) => onChange({ weight: event.currentTarget.valueAsNumber }, true)}
              />
            </label>
            <div class="chip-buttons">
              <button
                type="button"
                class="button small"
                disabled={!large}
                onClick={() => {
                  close();
                  setCropping(true);
                }}
              >
                <Icon name="crop" /> {part.crop ? 'Change part' : 'Only a part'}
              </button>
              {part.crop && (
                <button type="button" class="button small" onClick={() => onChange({ crop: undefined })}>
                  Whole
                </button>
              )}
            </div>
          </div>
        )}
      </Popover>
      <span class="chip-name" title={name}>
        <span>{name}</span>
        {weight !== 1 && !(part.unlike && part.weight === undefined) && (
          <span class="chip-weight">×{weight.toFixed(1)}</span>
        )}
      </span>
      <button
        type="button"
        class="chip-button"
        aria-label={part.unlike ? `Be like ${name}` : `Be unlike ${name}`}
        title={
          part.unlike
            ? 'Results are unlike it; make them like it'
            : 'Results are like it; make them unlike it'
        }
        onClick={() => onChange({ unlike: !part.unlike, weight: undefined })}
      >
        <Icon name={part.unlike ? 'minus' : 'plus'} size={14} />
      </button>
      <button
        type="button"
        class="chip-button crops"
        aria-label={`Choose a part of ${name}`}
        title="Search for a part of it"
        disabled={!large}
        onClick={() => setCropping(true)}
      >
        <Icon name="crop" size={14} />
      </button>
      <button
        type="button"
        class="chip-button"
        aria-label={`Take ${name} out`}
        title="Take out"
        onClick={() => onChange(undefined)}
      >
        <Icon name="close" size={14} />
      </button>
      {cropping && large && (
        <CropDialog
          src={large}
          name={name}
          value={part.crop}
          onClose={() => setCropping(false)}
          onCrop={(crop) => {
            setCropping(false);
            onChange({ crop });
          }}
        />
      )}
    </div>
  );
}

/** The picture, or the part of it that is searched for. */
function ChipPicture({ src, crop }: { readonly src: string | undefined; readonly crop: QueryPart['crop'] }) {
  if (!src) return <Icon name="image" />;
  if (!crop) return <img src={src} alt="" />;
  return (
    <img
      src={src}
      alt=""
      class="cropped"
      style={{
        width: `${100 / crop.width}%`,
        height: `${100 / crop.height}%`,
        left: `${(-crop.x * 100) / crop.width}%`,
        top: `${(-crop.y * 100) / crop.height}%`,
      }}
    />
  );
}
