import { fitting, tileSize, tileSizes } from '../state/preferences.js';

const names = { small: 'S', medium: 'M', large: 'L' } as const;

/** How large tiles are. */
export function TileSizeSwitch() {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a toolbar of buttons.
    <div class="segments" role="group" aria-label="Size of pictures">
      {tileSizes.map((size) => (
        <button
          key={size}
          type="button"
          aria-pressed={tileSize.value === size}
          aria-label={`${size} pictures`}
          onClick={() => {
            tileSize.value = size;
          }}
        >
          {names[size]}
        </button>
      ))}
    </div>
  );
}

/** Whether pictures fill their tiles, or are shown whole. */
export function FittingOption() {
  return (
    <label class="option">
      <input
        type="checkbox"
        checked={fitting.value === 'whole'}
        onChange={(event) => {
          fitting.value = event.currentTarget.checked ? 'whole' : 'fill';
        }}
      />
      <span>Show pictures whole</span>
    </label>
  );
}
