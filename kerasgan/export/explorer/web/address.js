/** What is on the page as the page's address, and the steps to it in the browser's history. */

import {toFragment} from './fragment.js';

const REST_MILLISECONDS = 250;
// All frames of a page have one history: a step back could be that of another frame.
const IS_FRAME = window !== window.top;

export class Address {
  /** Whether the page itself goes back, and what it shows is already that to which it goes. */
  #returning = false;
  /** Whether a step was made in the meantime. */
  #stepped = false;

  constructor(page) {
    this.page = page;
    addEventListener('popstate', () => this.#arrived());
  }

  /** Writes what is shown into the address, without a step in the history, once it is at rest. */
  save() {
    clearTimeout(this.saving);
    this.saving = setTimeout(() => this.#write('replaceState', history.state), REST_MILLISECONDS);
  }

  /**
   * Makes a change that the browser's Back undoes, but in a frame, and returns what it returns.
   *
   * @param {function(): T} change
   * @param {{covers?: boolean}} [options] Whether it covers the page, so that `back` uncovers it.
   * @template T
   */
  step(change, {covers = false} = {}) {
    if (IS_FRAME) {
      const result = change();
      this.save();
      return result;
    }
    clearTimeout(this.saving);
    this.#write('replaceState', history.state);
    const result = change();
    clearTimeout(this.saving);
    this.#stepped = this.#returning;
    this.#write('pushState', {covers});
    return result;
  }

  /** Goes back over the step that covered the page, which is uncovered already. */
  back() {
    if (!history.state?.covers) return this.save();
    clearTimeout(this.saving);
    this.#returning = true;
    history.back();
  }

  #arrived() {
    if (!this.#returning) return this.page.go(location.hash);
    this.#returning = false;
    if (this.#stepped) this.#write('pushState', {covers: this.page.studio.picture !== null});
    else this.#write('replaceState', history.state);
    this.#stepped = false;
  }

  #write(method, mark) {
    if (this.#returning) return;
    try {
      history[method](mark, '', `#${toFragment(this.page.state)}`);
    } catch {
      // A frame of a notebook has no address of its own.
    }
  }
}
