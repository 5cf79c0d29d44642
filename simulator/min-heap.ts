/** A binary heap that gives back the item with the smallest key first. */
export class MinHeap<Item> {
  readonly #items: Item[] = [];
  readonly #key: (item: Item) => number;

  constructor(key: (item: Item) => number) {
    this.#key = key;
  }

  get size(): number {
    return this.#items.length;
  }

  peek(): Item | undefined {
    return this.#items[0];
  }

  push(item: Item): void {
    const items = this.#items;
    const key = this.#key(item);
    let at = items.length;
    items.push(item);
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = items[above];
      if (parent === undefined || this.#key(parent) <= key) break;
      items[at] = parent;
      at = above;
    }
    items[at] = item;
  }

  pop(): Item | undefined {
    const items = this.#items;
    const first = items[0];
    const last = items.pop();
    if (last !== undefined && items.length > 0) this.#sink(last);
    return first;
  }

  #sink(item: Item): void {
    const items = this.#items;
    const key = this.#key(item);
    let at = 0;
    for (;;) {
      const below = this.#smallerChild(at);
      const child = items[below];
      if (child === undefined || this.#key(child) >= key) break;
      items[at] = child;
      at = below;
    }
    items[at] = item;
  }

  #smallerChild(at: number): number {
    const left = this.#items[2 * at + 1];
    const right = this.#items[2 * at + 2];
    const rightIsSmaller = left !== undefined && right !== undefined && this.#key(right) < this.#key(left);
    return rightIsSmaller ? 2 * at + 2 : 2 * at + 1;
  }
}
