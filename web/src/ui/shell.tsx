import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { useShortcuts } from '../keyboard.js';
import { collection, href, navigate, route, type Screen } from '../router.js';
import { collections, current } from '../state/collections.js';
import { runningJobs } from '../state/jobs.js';
import { setTheme, theme, themes } from '../state/theme.js';
import { count, counted, percent } from './format.js';
import { BrandMark, Icon, type IconName } from './icon.js';
import { Popover } from './popover.js';
import { ShortcutSheet } from './shortcut-sheet.js';

interface Destination {
  readonly screen: Screen;
  readonly icon: IconName;
  readonly name: string;
  readonly key: string;
}

const destinations: readonly Destination[] = [
  { screen: 'search', icon: 'search', name: 'Search', key: '1' },
  { screen: 'browse', icon: 'grid', name: 'Browse', key: '2' },
  { screen: 'map', icon: 'map', name: 'Map', key: '3' },
  { screen: 'duplicates', icon: 'copies', name: 'Duplicates', key: '4' },
  { screen: 'quality', icon: 'quality', name: 'Quality', key: '5' },
  { screen: 'jobs', icon: 'jobs', name: 'Jobs', key: '6' },
];

/** What stands around every screen: where one can go, what is being done, and how it looks. */
export function Shell({ children }: { readonly children: ComponentChildren }) {
  const [sheet, setSheet] = useState(false);
  useShortcuts([
    { keys: ['?'], does: 'This sheet', section: 'Anywhere', run: () => setSheet(true) },
    ...destinations.map(({ screen, name, key }) => ({
      keys: [key],
      does: name,
      section: 'Go to',
      run: () => navigate({ screen }),
    })),
  ]);
  const screen = route.value.screen;
  const section: Screen =
    screen === 'image' ? (route.value.params.get('in') === 'search' ? 'search' : 'browse') : screen;
  return (
    <div class="shell">
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <aside class="side">
        <a class="brand" href={href({ screen: 'search' })}>
          <BrandMark />
          <span>imagekin</span>
        </a>
        <CollectionSwitch />
        <nav aria-label="Screens">
          {destinations.map((each) => (
            <a
              key={each.screen}
              class="nav-item"
              href={href({ screen: each.screen })}
              aria-current={section === each.screen ? 'page' : undefined}
              title={`${each.name} (${each.key})`}
            >
              <Icon name={each.icon} />
              <span class="nav-name">{each.name}</span>
              {each.screen === 'browse' && current.value && (
                <span class="nav-count">{count(current.value.images)}</span>
              )}
              {each.screen === 'jobs' && runningJobs.value.length > 0 && (
                <span class="nav-count live">{runningJobs.value.length}</span>
              )}
            </a>
          ))}
        </nav>
        <div class="side-foot">
          <JobsIndicator />
          <div class="side-tools">
            <ThemeSwitch />
            <button
              type="button"
              class="button quiet icon-only"
              aria-label="Keyboard shortcuts"
              title="Keyboard shortcuts (?)"
              onClick={() => setSheet(true)}
            >
              <Icon name="keyboard" />
            </button>
          </div>
        </div>
      </aside>
      <main id="main" tabIndex={-1}>
        {children}
      </main>
      {sheet && <ShortcutSheet onClose={() => setSheet(false)} />}
    </div>
  );
}

function CollectionSwitch() {
  const list = collections.value ?? [];
  const here = current.value;
  const about = here ? counted(here.images, 'image') : '';
  if (list.length < 2) {
    return (
      <div class="collection-name">
        <span class="collection-title">{collection.value}</span>
        <span class="collection-about">{about}</span>
      </div>
    );
  }
  return (
    <Popover
      buttonClass="collection-name"
      button={
        <>
          <span class="collection-title">{collection.value}</span>
          <span class="collection-about">{about}</span>
          <Icon name="down" size={14} />
        </>
      }
    >
      {(close) => (
        <nav class="menu" aria-label="Collections">
          {list.map((each) => (
            <a
              key={each.name}
              class="menu-item"
              href={href({
                collection: each.name,
                screen: route.value.screen === 'image' ? 'browse' : route.value.screen,
              })}
              aria-current={each.name === collection.value ? 'true' : undefined}
              onClick={() => close()}
            >
              <span>{each.name}</span>
              <span class="menu-hint">{count(each.images)}</span>
            </a>
          ))}
        </nav>
      )}
    </Popover>
  );
}

/** The job that runs, and how far it is. */
function JobsIndicator() {
  const job = runningJobs.value.find((each) => each.state === 'running') ?? runningJobs.value[0];
  if (!job) return null;
  const { progress } = job;
  const share = progress?.total ? Math.min(1, progress.done / progress.total) : undefined;
  return (
    <a class="jobs-indicator" href={href({ collection: job.collection, screen: 'jobs' })}>
      <span class="jobs-line">
        <span>{progress?.task ?? job.kind}</span>
        <span class="jobs-share">
          {job.state === 'queued' ? 'queued' : share === undefined ? '' : percent(share)}
        </span>
      </span>
      <progress max={1} value={share} aria-label={`Job ${job.kind}`} />
    </a>
  );
}

const themeIcons = { system: 'system', light: 'sun', dark: 'moon' } as const;
const themeNames = { system: 'as the system', light: 'light', dark: 'dark' } as const;

function ThemeSwitch() {
  const next = themes[(themes.indexOf(theme.value) + 1) % themes.length]!;
  const label = `Theme: ${themeNames[theme.value]}; change to ${themeNames[next]}`;
  return (
    <button
      type="button"
      class="button quiet icon-only"
      aria-label={label}
      title={label}
      onClick={() => setTheme(next)}
    >
      <Icon name={themeIcons[theme.value]} />
    </button>
  );
}
