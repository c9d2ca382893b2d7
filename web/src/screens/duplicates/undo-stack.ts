import type { Decision } from './decisions.js';

/** What takes one step back: the group that it was of, and how its images stood before. */
export interface UndoStep {
  readonly key: string;
  /** Where the group stands in the list. */
  readonly at: number;
  readonly decisions: readonly Decision[];
}

const mostSteps = 200;

type Storage = Pick<globalThis.Storage, 'getItem' | 'setItem'>;

/** Steps that can be taken back, the last first; kept by the browser as long as the window is open. */
export class UndoStack {
  readonly #key: string;
  readonly #storage: Storage | undefined;
  #steps: UndoStep[];

  constructor(collection: string, storage: Storage | undefined) {
    this.#key = `imagekin.undo.${collection}`;
    this.#storage = storage;
    this.#steps = read(storage, this.#key);
  }

  get size(): number {
    return this.#steps.length;
  }

  push(step: UndoStep): void {
    this.#steps = [...this.#steps.slice(1 - mostSteps), step];
    this.#keep();
  }

  pop(): UndoStep | undefined {
    const step = this.#steps.at(-1);
    this.#steps = this.#steps.slice(0, -1);
    this.#keep();
    return step;
  }

  /** After files were moved: what was decided of them cannot be taken back, only the move can. */
  clear(): void {
    this.#steps = [];
    this.#keep();
  }

  #keep(): void {
    try {
      this.#storage?.setItem(this.#key, JSON.stringify(this.#steps));
    } catch {
      // Storage may be full or forbidden; the steps then last as long as the page.
    }
  }
}

function read(storage: Storage | undefined, key: string): UndoStep[] {
  try {
    const steps = JSON.parse(storage?.getItem(key) ?? '[]') as unknown;
    return Array.isArray(steps) ? steps.filter(isStep) : [];
  } catch {
    return [];
  }
}

function isStep(value: unknown): value is UndoStep {
  const { key, at, decisions } = (value ?? {}) as Partial<UndoStep>;
  return (
    typeof key === 'string' && typeof at === 'number' && Array.isArray(decisions) && decisions.length > 0
  );
}
