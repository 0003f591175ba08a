/** One entry's place in the order of use. */
export interface RecencyNode {
  readonly key: string;
  older: RecencyNode | undefined;
  newer: RecencyNode | undefined;
}

/** Keys in the order in which they were last used. Every call takes the same time, however many there are. */
export interface RecencyList {
  /** Adds the key as the one used last. */
  add(key: string): RecencyNode;
  /** Makes it the one used last. */
  use(node: RecencyNode): void;
  remove(node: RecencyNode): void;
  clear(): void;
  /** The one whose last use is the longest ago. */
  readonly oldest: RecencyNode | undefined;
}

export function createRecencyList(): RecencyList {
  let oldest: RecencyNode | undefined;
  let newest: RecencyNode | undefined;

  function append(node: RecencyNode): void {
    node.older = newest;
    node.newer = undefined;
    if (newest === undefined) oldest = node;
    else newest.newer = node;
    newest = node;
  }

  function remove(node: RecencyNode): void {
    if (node.older === undefined) oldest = node.newer;
    else node.older.newer = node.newer;
    if (node.newer === undefined) newest = node.older;
    else node.newer.older = node.older;
  }

  return {
    add(key) {
      const node: RecencyNode = { key, older: undefined, newer: undefined };
      append(node);
      return node;
    },
    use(node) {
      if (node === newest) return;
      remove(node);
      append(node);
    },
    remove,
    clear() {
      oldest = undefined;
      newest = undefined;
    },
    get oldest() {
      return oldest;
    },
  };
}
