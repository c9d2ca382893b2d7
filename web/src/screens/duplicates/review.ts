import { type Signal, signal } from '@preact/signals';
import { api, type DuplicateGroup, type DuplicatesPage, type DuplicatesQuery } from '../../api.js';
import { PagedItems } from '../../grid/items.js';
import { toastFailure } from '../../ui/toast.js';
import { type Decision, decidedGroup, inverse, undecided } from './decisions.js';
import { UndoStack } from './undo-stack.js';

export type Figures = Omit<DuplicatesPage, 'groups' | 'offset'>;

const pageSize = 50;

/** Going through groups of copies: what was loaded of them, what was decided, and what can be taken back. */
export class Review {
  readonly groups: PagedItems<DuplicateGroup>;
  /** Of all groups; `undefined` until the first answer. */
  readonly figures: Signal<Figures | undefined> = signal(undefined);
  /** How many groups are decided. */
  readonly decided: Signal<number> = signal(0);
  readonly undoable: Signal<number>;
  readonly #undo: UndoStack;
  /** Decisions are sent one after the other, so that the last one is the one that holds. */
  #sending: Promise<void> = Promise.resolve();

  constructor(
    private readonly collection: string,
    private readonly kind: NonNullable<DuplicatesQuery['kind']>,
  ) {
    this.#undo = new UndoStack(collection, storage());
    this.undoable = signal(this.#undo.size);
    this.groups = new PagedItems(async (offset, limit, abort) => {
      const { groups, ...figures } = await api.duplicates(collection, { kind, offset, limit }, abort);
      this.figures.value = figures;
      return { items: groups, total: figures.total };
    }, pageSize);
    void this.#count();
  }

  /** Shows it at once and keeps it. Puts it back if the server would not have it. */
  decide(at: number, decisions: readonly Decision[]): void {
    const group = this.groups.at(at);
    if (!group || decisions.length === 0) return;
    this.#undo.push({ key: group.key, at, decisions: inverse(group, decisions) });
    this.undoable.value = this.#undo.size;
    this.#send(decisions, inverse(group, decisions));
  }

  /**
   * Takes the last step back; where none is known, all that was decided of the group that is shown.
   *
   * @returns the place of the group that it was of
   */
  undo(shown: number): number | undefined {
    const step = this.#undo.pop();
    this.undoable.value = this.#undo.size;
    if (step) {
      this.#send(step.decisions, undefined);
      return step.at;
    }
    const group = this.groups.at(shown);
    const decisions = group ? undecided(group) : [];
    if (!group || decisions.length === 0) return undefined;
    this.#send(decisions, inverse(group, decisions));
    return shown;
  }

  /** The next place whose group is not decided, as far as groups are loaded; the one before if there is none behind. */
  nextOpen(from: number): number | undefined {
    const total = this.groups.count.peek() ?? 0;
    for (let step = 1; step < total; step++) {
      const at = (from + step) % total;
      const group = this.groups.at(at);
      if (!group || group.images.some(({ decision }) => decision === null)) return at;
    }
    return undefined;
  }

  /** After files were moved or put back. */
  async movedAway(): Promise<void> {
    this.#undo.clear();
    this.undoable.value = 0;
    await this.reload();
  }

  async reload(): Promise<void> {
    await Promise.all([this.groups.refresh(), this.#count()]);
  }

  dispose(): void {
    this.groups.dispose();
  }

  #send(decisions: readonly Decision[], back: readonly Decision[] | undefined): void {
    this.groups.change((group) => decidedGroup(group, decisions));
    this.#sending = this.#sending.then(async () => {
      try {
        await api.decide(this.collection, [...decisions]);
        await this.#count();
      } catch (error) {
        toastFailure(error);
        if (back) this.groups.change((group) => decidedGroup(group, back));
        else await this.reload();
      }
    });
  }

  /** Asks how many groups are decided, and how many files would be moved. */
  async #count(): Promise<void> {
    const query = { kind: this.kind, decided: 'decided', limit: 1 } as const;
    const { groups, total, ...figures } = await api.duplicates(this.collection, query);
    this.decided.value = total;
    const before = this.figures.peek();
    if (before) this.figures.value = { ...before, ...figures, total: before.total };
  }
}

function storage(): Storage | undefined {
  try {
    return sessionStorage;
  } catch {
    // Reading the property throws where a browser forbids storage.
    return undefined;
  }
}
