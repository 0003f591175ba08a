/** At once, at most: a user with thousands of sessions must not fill the client's queue. */
const BATCH = 256;

/** What `work` makes of each item, in their order, with a limited number under way at once. */
export async function inBatches<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let from = 0; from < items.length; from += BATCH) {
    results.push(...(await Promise.all(items.slice(from, from + BATCH).map(work))));
  }
  return results;
}
