/** The pictures of a seed. */

import {galleryCommand} from './command.js';
import {classChoosers, create, element, icon, showImage, toast} from './elements.js';
import {whole} from './fragment.js';
import {newSeed} from './philox.js';
import {seededPicture} from './picture.js';

// A CPPN's pictures are drawn larger than its generator draws them, because it can.
const SIDE = 128;
const MORE = 32;

/**
 * Returns the size at which a model's pictures are shown; `undefined` is its own.
 *
 * @param {Object} model The model's configuration.
 * @param {number} side A CPPN's pictures are at least so large.
 */
export function gridSize(model, side = SIDE) {
  const [height, width] = model.image_shape;
  if (!model.files.tile) return undefined;
  const factor = Math.max(1, side / Math.max(height, width));
  return {width: Math.round(width * factor), height: Math.round(height * factor)};
}

/**
 * Returns an item of a grid: the picture, which opens when pressed, and a heart.
 *
 * @param {Object} page
 * @param {import('./picture.js').Picture} picture
 * @param {{label: string, onOpen: function(): void, key: string}} options
 */
export function gridItem(page, picture, {label, onOpen, key}) {
  const canvas = create('canvas', {className: 'empty'});
  const open = create('button', {type: 'button', className: 'picture', onclick: onOpen}, canvas);
  open.setAttribute('aria-label', label);
  const heart = create('button', {type: 'button', className: 'corner'}, icon('heart'));
  heart.setAttribute('aria-label', `Favourite: ${label}`);
  const update = () => heart.setAttribute('aria-pressed', page.favourites.has(picture));
  heart.onclick = () => {
    page.favourites.toggle(picture);
    update();
  };
  update();
  page.painter.draw(page.model, picture, {size: gridSize(page.model), key}).then((image) => {
    if (image) showImage(canvas, image);
  });
  const item = create('li', {}, open, heart);
  item.update = update;
  return item;
}

/** Lets the arrow keys move among the pictures of a grid. */
export function arrowKeys(grid) {
  grid.addEventListener('keydown', (event) => {
    const buttons = [...grid.querySelectorAll('.picture')];
    const here = buttons.indexOf(event.target.closest('.picture'));
    const columns = getComputedStyle(grid).gridTemplateColumns.split(' ').length;
    const step = {ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns}[event.key];
    if (here < 0 || !step || !buttons[here + step]) return;
    event.preventDefault();
    buttons[here + step].focus();
  });
}

export class Gallery {
  seed = 0;
  count = 0;
  chosen = {};
  /** @type {import('./picture.js').Picture[]} */
  pictures = [];

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
    element('more').addEventListener('click', () => this.#extend(this.count + MORE));
    element('gallery-link').addEventListener('click', () => page.share(null));
    element('gallery-command').addEventListener('click', () => {
      const {seed, count, chosen} = this;
      page.copy(galleryCommand(page.model, seed, count, chosen), 'Command');
    });
    addEventListener('keydown', (event) => {
      const typing = event.target.closest?.('input, select, dialog');
      if (event.key === 'r' && !typing && !event.ctrlKey && !event.metaKey) this.reroll();
    });
  }

  /** Draws the first `count` pictures of a seed, in the chosen classes. */
  show(seed, count, chosen) {
    this.clear();
    Object.assign(this, {seed, chosen});
    element('seed').value = seed;
    element('gallery-classes')
      .querySelectorAll('select')
      .forEach((select) => (select.value = chosen[select.dataset.set] ?? ''));
    this.#extend(count);
  }

  clear() {
    this.page.painter.forget('grid ');
    Object.assign(this, {count: 0, pictures: []});
    this.grid.replaceChildren();
  }

  reroll() {
    this.show(newSeed(), this.count, this.chosen);
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
    [...this.grid.children].forEach((item) => item.update());
  }

  #extend(count) {
    const {page, seed, chosen} = this;
    for (let number = this.count; number < count; number++) {
      const picture = seededPicture(page.model, seed, number, chosen);
      this.pictures.push(picture);
      this.grid.append(
        gridItem(page, picture, {
          label: `Picture ${number}`,
          key: `grid ${number}`,
          onOpen: () => page.studio.open(picture),
        }),
      );
    }
    this.count = count;
    page.saveState();
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
