import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { count } from '../../ui/format.js';

export interface Group {
  readonly key: string;
  readonly name: string;
  /** Before the name: how it is drawn, and its picture. */
  readonly picture: ComponentChildren;
  /** Below the name. */
  readonly about?: string | undefined;
  readonly images: number;
  readonly isWanted: boolean;
  toggle(): void;
}

interface GroupListProps {
  readonly caption: string;
  readonly column: string;
  readonly groups: readonly Group[];
}

const atFirst = 60;

/** Clusters or labels as a table, each with a box that picks its images. */
export function GroupList({ caption, column, groups }: GroupListProps) {
  const [all, setAll] = useState(false);
  const shown = all ? groups : groups.filter((group, index) => index < atFirst || group.isWanted);
  return (
    <>
      <table class="group-list">
        <caption class="unseen">{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{column}</th>
            <th scope="col" class="number">
              Images
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map((group) => (
            <tr key={group.key} class={group.isWanted ? 'wanted' : undefined}>
              <th scope="row">
                <label>
                  <input type="checkbox" checked={group.isWanted} onChange={() => group.toggle()} />
                  {group.picture}
                  <span class="group-text">
                    <span class="group-name" title={group.name}>
                      {group.name}
                    </span>
                    {group.about && <span class="group-about">{group.about}</span>}
                  </span>
                </label>
              </th>
              <td class="number">{count(group.images)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {shown.length < groups.length && (
        <button type="button" class="button quiet small" onClick={() => setAll(true)}>
          Show all {count(groups.length)}
        </button>
      )}
    </>
  );
}
