/** Favourites, which the browser keeps, and the view of them. */

import {create, element, toast} from './elements.js';
import {arrowKeys, gridItem, placeholders} from './grid.js';
import {fromStored, pictureKey, pictureName, toStored} from './picture.js';
import {viewNumbers} from './plane.js';
import {inSlices} from './slices.js';

const ITEMS_AT_ONCE = 4;

/** The favourites of the model that is shown. */
export class Favourites {
  /** @type {import('./picture.js').Picture[]} */
  pictures = [];
  #keys = new Set();
  /** Those of each model that the browser does not keep, by their place. */
  #unsaved = new Map();

  constructor(page) {
    this.page = page;
    addEventListener('storage', ({key}) => {
      const isMine = key === null || key === this.#place;
      if (!isMine || this.#unsaved.has(this.#place)) return;
      this.load();
      this.#show();
    });
  }

  /** Reads those of the page's model. */
  load() {
    if (this.#unsaved.has(this.#place)) {
      this.pictures = this.#unsaved.get(this.#place);
      return this.#count();
    }
    let stored = [];
    try {
      stored = JSON.parse(localStorage.getItem(this.#place)) ?? [];
    } catch {
      // The browser keeps nothing for this page, or what it kept is damaged.
    }
    this.pictures = (Array.isArray(stored) ? stored : [])
      .map((each) => fromStored(this.page.model, each))
      .filter((picture) => picture !== null);
    this.#count();
  }

  has(picture) {
    return this.#keys.size > 0 && this.#keys.has(this.keyOf(picture));
  }

  /** Returns a text that is the same for the same favourite: of a CPPN, each view is another one. */
  keyOf(picture) {
    const view = this.page.model.files.tile ? viewNumbers(picture.view).join(' ') : '';
    return `${pictureKey(picture)} ${view}`;
  }

  /** Adds a picture to the favourites, or removes it. */
  toggle(picture) {
    const key = this.keyOf(picture);
    const added = !this.#keys.has(key);
    // Another tab may have changed them since.
    this.load();
    this.pictures = this.pictures.filter((each) => this.keyOf(each) !== key);
    if (added) this.pictures.push(picture);
    try {
      localStorage.setItem(this.#place, JSON.stringify(this.pictures.map(toStored)));
      this.#unsaved.delete(this.#place);
    } catch {
      this.#unsaved.set(this.#place, this.pictures);
      if (added) toast('The browser keeps nothing for this page: favourites stay until you leave.');
    }
    this.#count();
    this.#show();
  }

  /** Shows what has changed, wherever favourites are shown. */
  #show() {
    this.page.gallery.updateHearts();
    this.page.studio.updateHeart();
    if (this.page.view === 'favourites') this.page.favouritesView.show();
  }

  /** Those of other weights are drawn from other latents, so each has favourites of its own. */
  get #place() {
    const {name, weights} = this.page.model;
    return `kerasgan ${name} ${weights}`;
  }

  #count() {
    this.#keys = new Set(this.pictures.map((each) => this.keyOf(each)));
    element('favourite-count').textContent = this.pictures.length || '';
  }
}

/** The view: all favourites, and two of them chosen for the way between. */
export class FavouritesView {
  /** The items that are drawn, by the keys of their pictures. */
  #items = new Map();
  /** The keys of the chosen pictures, start and end. */
  #ends = [];

  constructor(page) {
    this.page = page;
    this.grid = element('favourites-grid');
    arrowKeys(this.grid);
  }

  /** Forgets what is drawn, which is of another model. */
  clear() {
    this.#items.clear();
    this.#ends = [];
    this.grid.replaceChildren();
  }

  async show() {
    const {favourites} = this.page;
    const {pictures} = favourites;
    const keys = pictures.map((each) => favourites.keyOf(each));
    for (const key of this.#items.keys()) if (!keys.includes(key)) this.#items.delete(key);
    this.#ends = this.#ends.filter((key) => keys.includes(key));
    // The newest two, until others are chosen.
    for (const key of keys.toReversed()) {
      if (this.#ends.length < 2 && !this.#ends.includes(key)) this.#ends.unshift(key);
    }
    element('favourites-hint').textContent = [
      'No favourites yet: press the heart on a picture. This browser keeps them.',
      'Choose another favourite, and the model draws the way between the two.',
    ][pictures.length] ?? 'The way leads from Start to End. Another picture that you choose is the new End.';
    this.#showMorph();
    const places = placeholders(pictures.length);
    keys.forEach((key, index) => this.#items.has(key) && places.splice(index, 1, this.#items.get(key)));
    this.#replace(places);
    const add = (place, index) => {
      const item = this.#item(pictures[index], keys[index], index);
      if (item !== place) place.replaceWith(item);
    };
    // After another `show` the places are no longer in the grid.
    await inSlices(places, ITEMS_AT_ONCE, add, () => this.grid.contains(places.at(-1)));
  }

  /** Puts other items into the grid. The focus stays, or goes on to the heart of the next item. */
  #replace(items) {
    const {activeElement} = document;
    const here = [...this.grid.children].findIndex((item) => item.contains(activeElement));
    this.grid.replaceChildren(...items);
    if (here < 0) return;
    const next = items[Math.min(here, items.length - 1)]?.querySelector('.corner');
    const tab = element('tabs').querySelector('[data-view="favourites"]');
    (this.grid.contains(activeElement) ? activeElement : (next ?? tab)).focus();
  }

  #item(picture, key, index) {
    if (!this.#items.has(key)) {
      const label = `Favourite, ${pictureName(picture)}`;
      const onOpen = () => this.page.studio.open(picture);
      this.#items.set(key, gridItem(this.page, picture, {label, key: `favourite ${key}`, onOpen}));
    }
    const item = this.#items.get(key);
    item.update();
    item.querySelector('.place')?.remove();
    if (this.page.favourites.pictures.length > 1) item.append(this.#place(key, index));
    return item;
  }

  /** Returns the button that puts a picture at the start or the end of the way. */
  #place(key, index) {
    const role = ['Start', 'End'][this.#ends.indexOf(key)];
    const button = create('button', {type: 'button', className: 'place'}, role ?? 'Choose');
    button.setAttribute('aria-pressed', role !== undefined);
    button.setAttribute('aria-label', `${role ?? 'Choose'}: favourite ${index + 1}`);
    button.onclick = () => {
      // The one that was chosen last stays as the start.
      if (role === undefined) this.#ends = [this.#ends[1], key];
      else this.#ends.reverse();
      this.show().then(() => this.#items.get(key)?.querySelector('.place')?.focus());
    };
    return button;
  }

  #showMorph() {
    const {favourites} = this.page;
    const ends = this.#ends.map((key) =>
      favourites.pictures.find((each) => favourites.keyOf(each) === key),
    );
    element('morph').hidden = ends.length < 2;
    if (ends.length === 2) this.page.morph.show(ends);
    else this.page.morph.pause();
  }
}
