/** The pictures of a seed. */

import {galleryCommand} from './command.js';
import {classChoosers, element, isForBrowser, keyOf, toast} from './elements.js';
import {MOST_PICTURES, whole} from './fragment.js';
import {arrowKeys, gridItem, placeholders} from './grid.js';
import {newSeed} from './philox.js';
import {seededPicture} from './picture.js';
import {inSlices} from './slices.js';

const MORE = 32;
const ITEMS_AT_ONCE = 4;

export class Gallery {
  seed = 0;
  count = 0;
  chosen = {};
  /** @type {import('./picture.js').Picture[]} */
  pictures = [];
  /** Counts the galleries, as only the last is to be completed. */
  #version = 0;

  constructor(page) {
    this.page = page;
    this.grid = element('grid');
    arrowKeys(this.grid);
    element('gallery-form').addEventListener('submit', (event) => {
      event.preventDefault();
      this.#readSeed();
    });
    element('seed').addEventListener('change', () => this.#readSeed());
    element('reroll').addEventListener('click', () => this.reroll());
    element('more').addEventListener('click', () => {
      this.#extend(Math.min(this.count + MORE, MOST_PICTURES));
    });
    element('gallery-link').addEventListener('click', () => page.share(null));
    element('gallery-command').addEventListener('click', () => {
      const {seed, count, chosen} = this;
      page.copy(galleryCommand(page.model, seed, count, chosen), 'Command');
    });
    addEventListener('keydown', (event) => {
      const typing = event.target.closest?.('input, select, dialog');
      const isMine = keyOf(event) === 'r' && !typing && !event.repeat && !isForBrowser(event);
      if (isMine && page.opened && page.view === 'pictures') this.reroll();
    });
  }

  /** Tells whether it shows the pictures of a state of the page. */
  shows({seed, count, chosen}) {
    const same = JSON.stringify(chosen) === JSON.stringify(this.chosen);
    return same && seed === this.seed && count === this.count;
  }

  /** Draws the first `count` pictures of a seed, in the chosen classes. */
  show(seed, count, chosen) {
    this.page.painter.forget('grid ');
    this.#version++;
    Object.assign(this, {seed, chosen, count: 0, pictures: []});
    this.grid.replaceChildren();
    element('seed').value = seed;
    element('gallery-classes')
      .querySelectorAll('select')
      .forEach((select) => (select.value = chosen[select.dataset.set] ?? ''));
    return this.#extend(count);
  }

  /** Shows pictures of another seed, from which the browser's Back returns to those of this one. */
  reroll() {
    this.page.address.step(() => this.show(newSeed(), this.count, this.chosen));
  }

  /** Makes the choosers of the model's classes. */
  setClasses() {
    classChoosers(element('gallery-classes'), this.page.model.classes, {
      none: 'any',
      onChange: () => this.show(this.seed, this.count, this.#chosenClasses()),
    });
  }

  /** Shows which pictures are favourites. */
  updateHearts() {
    [...this.grid.children].forEach((item) => item.update?.());
  }

  async #extend(count) {
    const {page, seed, chosen} = this;
    const {model} = page;
    const version = this.#version;
    const first = this.count;
    const places = placeholders(count - first);
    this.grid.append(...places);
    this.count = count;
    element('more').hidden = count >= MOST_PICTURES;
    page.address.save();
    const add = (place, index) => {
      const number = first + index;
      const picture = seededPicture(model, seed, number, chosen);
      this.pictures[number] = picture;
      const label = `Picture ${number}`;
      const onOpen = () => page.studio.open(picture);
      place.replaceWith(gridItem(page, picture, {label, key: `grid ${number}`, onOpen}));
    };
    await inSlices(places, ITEMS_AT_ONCE, add, () => version === this.#version);
  }

  #readSeed() {
    const seed = whole(element('seed').value);
    if (seed === null) {
      toast('A seed is an integer of at most 16 digits.');
      element('seed').value = this.seed;
    } else if (seed !== this.seed) {
      this.show(seed, this.count, this.chosen);
    }
  }

  #chosenClasses() {
    const selects = [...element('gallery-classes').querySelectorAll('select')];
    return Object.fromEntries(
      selects.filter(({value}) => value).map(({dataset, value}) => [dataset.set, value]),
    );
  }
}
