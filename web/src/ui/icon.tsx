/** Drawn on a grid of 16, with strokes of one width; they take the colour of the text. */
const drawings = {
  search: 'M7 12.2a5.2 5.2 0 1 0 0-10.4 5.2 5.2 0 0 0 0 10.4ZM10.8 10.8 14.2 14.2',
  grid: 'M2.5 2.5h4.2v4.2H2.5zM9.3 2.5h4.2v4.2H9.3zM2.5 9.3h4.2v4.2H2.5zM9.3 9.3h4.2v4.2H9.3z',
  map: 'M4 4.2h.01M7.2 7.4h.01M4.6 8.6h.01M11.6 4h.01M9.4 3.2h.01M12.4 7h.01M7.6 12.4h.01M10.6 11.2h.01M3.8 12h.01M12.8 12.4h.01',
  copies:
    'M5.5 5.5v-2a1 1 0 0 1 1-1h6a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1h-2M3.5 5.5h6a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1h-6a1 1 0 0 1-1-1v-6a1 1 0 0 1 1-1Z',
  quality: 'M2.5 13.5h11M4.5 13.5v-4M8 13.5v-8M11.5 13.5v-11',
  jobs: 'M8 14a6 6 0 1 0 0-12 6 6 0 0 0 0 12ZM8 4.8V8l2.2 1.6',
  upload: 'M8 10.5v-8M4.8 5.4 8 2.2l3.2 3.2M2.5 10.5v2a1 1 0 0 0 1 1h9a1 1 0 0 0 1-1v-2',
  image:
    'M3.5 2.5h9a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1v-9a1 1 0 0 1 1-1ZM2.7 11.4l3.3-3.3 2.6 2.6 1.6-1.6 3.1 3.1M10.4 5.6h.01',
  crop: 'M4.5 1.5v9a1 1 0 0 0 1 1h9M1.5 4.5h9a1 1 0 0 1 1 1v9',
  plus: 'M8 3v10M3 8h10',
  minus: 'M3 8h10',
  close: 'M3.8 3.8l8.4 8.4M12.2 3.8l-8.4 8.4',
  check: 'M3 8.4l3.4 3.4L13 4.6',
  more: 'M3.5 8h.01M8 8h.01M12.5 8h.01',
  left: 'M10 3.5 5.5 8l4.5 4.5',
  right: 'M6 3.5 10.5 8 6 12.5',
  down: 'M3.5 6 8 10.5 12.5 6',
  filter: 'M2 3.5h12M4.5 8h7M6.8 12.5h2.4',
  sun: 'M8 10.6a2.6 2.6 0 1 0 0-5.2 2.6 2.6 0 0 0 0 5.2ZM8 1.5v1M8 13.5v1M1.5 8h1M13.5 8h1M3.4 3.4l.7.7M11.9 11.9l.7.7M12.6 3.4l-.7.7M4.1 11.9l-.7.7',
  moon: 'M13.4 9.4A5.8 5.8 0 0 1 6.6 2.6a5.8 5.8 0 1 0 6.8 6.8Z',
  system:
    'M2.5 3h11a.5.5 0 0 1 .5.5v7a.5.5 0 0 1-.5.5h-11a.5.5 0 0 1-.5-.5v-7a.5.5 0 0 1 .5-.5ZM5.5 13.5h5M8 11v2.5',
  keyboard:
    'M2 4h12a.5.5 0 0 1 .5.5v7a.5.5 0 0 1-.5.5H2a.5.5 0 0 1-.5-.5v-7A.5.5 0 0 1 2 4ZM4.2 6.6h.01M6.7 6.6h.01M9.2 6.6h.01M11.7 6.6h.01M5 9.4h6',
  trash: 'M2.5 4.2h11M6 4.2V2.5h4v1.7M4 4.2l.6 9.3h6.8l.6-9.3M6.7 6.8v4M9.3 6.8v4',
  tag: 'M2.5 2.5h5l6 6-5 5-6-6zM5.3 5.3h.01',
  download: 'M8 2.2v8M4.8 7 8 10.2 11.2 7M2.5 10.5v2a1 1 0 0 0 1 1h9a1 1 0 0 0 1-1v-2',
  open: 'M9.5 2.5h4v4M13.5 2.5 8 8M11.5 9v3.5a1 1 0 0 1-1 1h-7a1 1 0 0 1-1-1v-7a1 1 0 0 1 1-1H7',
  warning: 'M8 2.2 14.4 13.4H1.6ZM8 6.4v3M8 11.5h.01',
  similar: 'M2.8 2.8h6.6v6.6H2.8zM6.6 6.6h6.6v6.6H6.6z',
  unlike: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM5.2 8h5.6',
  zoomIn: 'M7 12.2a5.2 5.2 0 1 0 0-10.4 5.2 5.2 0 0 0 0 10.4ZM10.8 10.8 14.2 14.2M7 4.8v4.4M4.8 7h4.4',
  zoomOut: 'M7 12.2a5.2 5.2 0 1 0 0-10.4 5.2 5.2 0 0 0 0 10.4ZM10.8 10.8 14.2 14.2M4.8 7h4.4',
  fit: 'M2.5 6v-3.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10',
  sliders: 'M2 4.5h7M12 4.5h2M10.5 3v3M2 11.5h2M7 11.5h7M5.5 10v3',
  shuffle:
    'M2 4.5h2.4L9.6 11.5h4M2 11.5h2.4l1.4-1.9M8.2 6.4l1.4-1.9h4M11.8 2.7l1.8 1.8-1.8 1.8M11.8 9.7l1.8 1.8-1.8 1.8',
  undo: 'M5.5 3 2.5 6l3 3M2.5 6h7a4 4 0 0 1 0 8H6',
  retry: 'M13.5 8a5.5 5.5 0 1 1-1.6-3.9L13.5 5.7M13.5 2.2v3.5H10',
  pencil: 'M10.6 2.9l2.5 2.5-7.6 7.6-3 .5.5-3zM9.1 4.4l2.5 2.5',
  copy: 'M5.5 5.5v-2a1 1 0 0 1 1-1h6a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1h-2M3.5 5.5h6a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1h-6a1 1 0 0 1-1-1v-6a1 1 0 0 1 1-1Z',
} as const;

export type IconName = keyof typeof drawings;

/** Dots are strokes of no length, so they need the wider stroke. */
const dotted = new Set<IconName>(['map', 'more']);

export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      class="icon"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      stroke-width={dotted.has(name) ? 2.2 : 1.4}
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d={drawings[name]} />
    </svg>
  );
}

/** Two overlapping pictures: kin. */
export function BrandMark({ size = 22 }: { readonly size?: number }) {
  return (
    <svg class="brand-mark" width={size} height={size} viewBox="0 0 26 26" aria-hidden="true">
      <rect x="1.5" y="1.5" width="16" height="16" rx="4.5" class="brand-back" />
      <rect x="8.5" y="8.5" width="16" height="16" rx="4.5" class="brand-front" />
    </svg>
  );
}
