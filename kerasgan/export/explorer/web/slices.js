/** Long work in slices, between which the browser answers whoever uses the page. */

/**
 * Does something with each item, a few at a time, and the first ones only after the page was shown.
 *
 * @param {Iterable<T>} items
 * @param {number} most How many items at a time.
 * @param {function(T, number): void} work Takes an item and which it is.
 * @param {function(): boolean} isWanted Whether to continue with the next slice.
 * @template T
 */
export async function inSlices(items, most, work, isWanted) {
  let done = 0;
  for (const item of items) {
    if (done % most === 0) {
      await turn();
      if (!isWanted()) return;
    }
    work(item, done);
    done++;
  }
}

/** Returns when the browser has done what was waiting. Of a timer it would wait too long. */
function turn() {
  return new Promise((resolve) => {
    const {port1, port2} = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
