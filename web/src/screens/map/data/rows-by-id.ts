/** Where the images of some ids lie on the map. Ids need not be in order. */
export class RowsById {
  /** Rows in the order of their ids; not needed where they stand in that order already. */
  private readonly order: Uint32Array | undefined;

  constructor(private readonly ids: Uint32Array) {
    if (ids.some((id, row) => row > 0 && ids[row - 1]! > id)) {
      this.order = Uint32Array.from(ids.keys()).sort((a, b) => ids[a]! - ids[b]!);
    }
  }

  row(id: number): number | undefined {
    let from = 0;
    let to = this.ids.length - 1;
    while (from <= to) {
      const middle = (from + to) >> 1;
      const row = this.order ? this.order[middle]! : middle;
      if (this.ids[row] === id) return row;
      if (this.ids[row]! < id) from = middle + 1;
      else to = middle - 1;
    }
    return undefined;
  }
}
