import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { failureOf } from './api.js';
import { DropTarget } from './query/drop-target.js';
import { collection, navigate, route, type Screen } from './router.js';
import { collections, collectionsFailure, current, loadCollections } from './state/collections.js';
import { startJobs } from './state/jobs.js';
import { session, sessionFailure, signingIn, startSession } from './state/session.js';
import { Confirmations } from './ui/dialog.js';
import { MenuHost } from './ui/menu.js';
import { Shell } from './ui/shell.js';
import { SignIn } from './ui/sign-in.js';
import { Command, Empty, ProblemState } from './ui/states.js';
import { Toasts } from './ui/toast.js';

const loaders: Record<Screen, () => Promise<{ default: ComponentType }>> = {
  search: () => import('./screens/search/index.js'),
  browse: () => import('./screens/browse/index.js'),
  image: () => import('./screens/image/index.js'),
  map: () => import('./screens/map/index.js'),
  duplicates: () => import('./screens/duplicates/index.js'),
  quality: () => import('./screens/quality/index.js'),
  jobs: () => import('./screens/jobs/index.js'),
};

const loadedScreens = new Map<Screen, ComponentType>();

/** Begins to fetch the code of the screen that the address names, while the server is still asked other things. */
export function preloadScreen(): void {
  const { screen } = route.peek();
  // If that fails, the screen asks once more and tells of it.
  loaders[screen]().then(
    (module) => loadedScreens.set(screen, module.default),
    () => {},
  );
}

export function App() {
  return (
    <>
      <Content />
      <MenuHost />
      <Confirmations />
      <Toasts />
    </>
  );
}

function Content() {
  // Most servers want no token, so the screen does not wait for the answer; where one is wanted, it gives way.
  const authenticated = session.value?.authenticated ?? !signingIn.value;
  const known = session.value?.authenticated === true;
  useEffect(() => {
    if (authenticated) void loadCollections();
  }, [authenticated]);
  useEffect(() => {
    if (known) startJobs();
  }, [known]);
  const first = collections.value?.[0]?.name;
  const wanted = route.value.collection;
  useEffect(() => {
    if (wanted === undefined && first !== undefined) {
      navigate({ collection: first, screen: route.peek().screen }, { replace: true });
    }
  }, [wanted, first]);

  if (session.value?.authenticated === false) return <SignIn />;
  const failure = sessionFailure.value ?? (collections.value ? undefined : collectionsFailure.value);
  if (failure) {
    return (
      <div class="alone">
        <ProblemState
          failure={failure}
          onRetry={() => void (sessionFailure.value ? startSession() : loadCollections())}
        />
      </div>
    );
  }
  if (collections.value?.length === 0) {
    return (
      <div class="alone">
        <Empty icon="image" title="No collection is served">
          <p>Make one of a folder of images, and serve it:</p>
          <Command>imagekin add my.kin ./photos && imagekin serve my.kin</Command>
        </Empty>
      </div>
    );
  }
  if (wanted !== undefined && collections.value && !current.value) {
    return (
      <div class="alone">
        <Empty
          icon="warning"
          title={`No collection “${wanted}” is served`}
          actions={
            <button
              type="button"
              class="button primary"
              onClick={() => navigate({ collection: first ?? '', screen: 'search' })}
            >
              Go to {first}
            </button>
          }
        />
      </div>
    );
  }
  return (
    <Shell>
      {wanted !== undefined && authenticated && (
        <>
          <CurrentScreen />
          <DropTarget />
        </>
      )}
    </Shell>
  );
}

/** The screen of the address. Its code is fetched when it is first gone to; until then the last one stays. */
function CurrentScreen() {
  const { screen } = route.value;
  const [shown, setShown] = useState<Screen | undefined>(loadedScreens.has(screen) ? screen : undefined);
  const [failure, setFailure] = useState<unknown>();
  useEffect(() => {
    setFailure(undefined);
    if (loadedScreens.has(screen)) {
      setShown(screen);
      return;
    }
    let wanted = true;
    loaders[screen]().then(
      (module) => {
        loadedScreens.set(screen, module.default);
        if (wanted) setShown(screen);
      },
      (error: unknown) => wanted && setFailure(error),
    );
    return () => {
      wanted = false;
    };
  }, [screen]);
  if (failure) return <ProblemState failure={failureOf(failure)} onRetry={() => location.reload()} />;
  const known = loadedScreens.has(screen) ? screen : shown;
  const Component = known && loadedScreens.get(known);
  // Another collection is another screen: nothing of what was loaded holds for it.
  return Component ? <Component key={`${known} ${collection.value}`} /> : null;
}
