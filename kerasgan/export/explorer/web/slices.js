/** Long work in slices, between which the browser answers whoever uses the page. */

/**
 * Does something with each item, a few at a time.
 *
 * @param {Iterable<T>} items
 * @param {number} most How many items at a time.
 * @param {function(T, number): void} work Takes an item and which it is.
 * @param {function(): boolean} isWanted Whether to continue after each slice.
 * @template T
 */
export async function inSlices(items, most, work, isWanted) {
  let done = 0;
  for (const item of items) {
    if (done && done % most === 0) {
      await turn();
      if (!isWanted()) return;
    }
    work(item, done);
    done++;
  }
}

/** Returns when the browser has done what was waiting. */
function turn() {
  return globalThis.scheduler?.yield?.() ?? new Promise((resolve) => setTimeout(resolve));
}
