/** One picture, large, with all that can be done with it. */

import {needsFile, pictureCommand} from './command.js';
import {
  capitalized,
  classChoosers,
  create,
  element,
  hideToast,
  isForBrowser,
  keyOf,
  showImage,
  toast,
} from './elements.js';
import {dot, moveAlong, unpacked} from './latents.js';
import {PlaneMap} from './map.js';
import {inSlices} from './slices.js';
import {pictureName, samePicture} from './picture.js';
import {download, fileName, pngOf} from './saving.js';
import {slider} from './sliders.js';
import {placeTrouble} from './status.js';

// Standard normal numbers beyond these are rare: one in 16,000, and one in 370.
const DIRECTION_RANGE = 4;
const COORDINATE_RANGE = 3;
const COORDINATES_AT_ONCE = 16;
const SAVED_SIDES = [512, 1024, 2048, 4096];

export class Studio {
  /** The picture that is looked at. @type {?import('./picture.js').Picture} */
  picture = null;
  /** The picture as it was opened, to whose latent and classes Reset returns. */
  #opened = null;
  /** Which of the gallery's pictures was opened; -1 for another one. */
  #number = -1;
  /** The model that the controls are of. */
  #model = null;

  constructor(page) {
    this.page = page;
    this.dialog = element('studio');
    this.canvas = element('studio-canvas');
    this.map = new PlaneMap(page, element('map'), (view) => this.#look(view));
    // The browser closes it too, by Escape.
    this.dialog.addEventListener('close', () => this.picture && !this.dialog.open && this.leave());
    // Text that is selected may end beside the dialog.
    let pressed = null;
    this.dialog.addEventListener('pointerdown', ({target}) => (pressed = target));
    this.dialog.addEventListener('click', ({target}) => {
      if (target === this.dialog && pressed === this.dialog) this.leave();
    });
    this.dialog.addEventListener('keydown', (event) => this.#key(event));
    const actions = {
      close: () => this.leave(),
      previous: () => this.#step(-1),
      next: () => this.#step(1),
      keep: () => page.favourites.toggle(this.picture),
      save: () => this.save(),
      copy: () => this.#copyCommand(),
      share: () => page.share(this.picture),
      undo: () => this.#change({...this.#opened, view: this.picture.view}),
    };
    element('coordinates').closest('details').addEventListener('toggle', () => this.#openCoordinates());
    for (const [id, action] of Object.entries(actions)) element(id).addEventListener('click', action);
    element('save-size').append(...SAVED_SIDES.map((side) => new Option(`${side} px`, side)));
    element('save-size').value = 1024;
  }

  /** Opens a picture, which the browser's Back closes. */
  open(picture) {
    if (this.picture) this.show(picture);
    else this.page.address.step(() => this.show(picture), {covers: true});
  }

  /** Shows a picture. */
  show(picture) {
    if (this.#model !== this.page.model) this.#setModel();
    this.page.morph.pause();
    this.#opened = picture;
    const {pictures} = this.page.gallery;
    this.#number =
      this.page.view === 'pictures' ? pictures.findIndex((each) => samePicture(each, picture)) : -1;
    this.canvas.classList.add('empty');
    if (!this.dialog.open) this.dialog.showModal();
    placeTrouble();
    this.#change(picture);
  }

  /** Closes what is open, as Back does. */
  leave() {
    this.close();
    this.page.address.back();
  }

  close() {
    if (this.dialog.open) this.dialog.close();
    placeTrouble();
    this.map.stop();
    this.picture = null;
  }

  /** Shows whether the picture is a favourite. */
  updateHeart() {
    const isKept = this.picture !== null && this.page.favourites.has(this.picture);
    element('keep').setAttribute('aria-pressed', isKept);
  }

  /** Saves the picture as a PNG file. */
  async save() {
    const {page, picture} = this;
    const name = fileName(page.model, picture);
    const size = this.#savedSize();
    const progress = create('progress', {value: 0});
    progress.setAttribute('aria-label', `Drawing ${name}`);
    if (size) element('saving').append(progress);
    toast(`Drawing ${name} …`, '', true);
    try {
      const file = await pngOf(page, picture, size, (part) => (progress.value = part));
      if (file) {
        download(file, name);
        toast(`${name} saved. kerasgan sample --again draws it once more.`);
      } else {
        toast(`${name} was not saved, because the model was opened again meanwhile.`);
      }
    } catch (error) {
      hideToast();
      page.fail(`${name} could not be saved: ${error.message}`);
    } finally {
      progress.remove();
    }
  }

  /** The size of a saved picture of a CPPN, of the form of what is on the screen, or `null`. */
  #savedSize() {
    if (!this.page.model.files.tile) return null;
    const side = Number(element('save-size').value);
    const {width, height} = this.map.size;
    const factor = side / Math.max(width, height);
    return {width: Math.round(width * factor), height: Math.round(height * factor)};
  }

  #change(picture) {
    this.picture = picture;
    this.#showControls();
    this.#draw();
    this.page.address.save();
  }

  #move(latent) {
    const {labels, view} = this.picture;
    this.#change({latent, origin: null, labels, view});
  }

  #look(view) {
    this.picture = {...this.picture, view};
    this.updateHeart();
    this.page.address.save();
  }

  async #draw() {
    const {page, picture} = this;
    if (page.model.files.tile) return this.map.show(picture);
    const image = await page.painter.draw(page.model, picture, {key: 'studio', priority: 4});
    if (image && this.picture) showImage(this.canvas, image);
  }

  /** Makes the controls of the page's model. */
  #setModel() {
    const {model} = this.page;
    this.#model = model;
    const isMap = Boolean(model.files.tile);
    this.canvas.hidden = isMap;
    for (const id of ['map', 'map-buttons', 'map-place', 'save-size-field']) element(id).hidden = !isMap;
    element('studio-title').textContent = model.name;
    this.directions = rows(unpacked(model.directions) ?? [], model.latent_dim);
    element('directions').closest('section').hidden = !this.directions.length;
    element('directions').replaceChildren(
      ...this.directions.map((direction, index) =>
        slider({
          name: `${index + 1}`,
          label: `Direction ${index + 1}`,
          range: DIRECTION_RANGE,
          onInput: (value) => this.#move(moveAlong(this.picture.latent, direction, value)),
        }),
      ),
    );
    element('coordinates').replaceChildren();
    this.#openCoordinates();
    classChoosers(element('studio-classes'), model.classes, {
      onChange: ({target: {dataset, value}}) => {
        this.#change({...this.picture, labels: {...this.picture.labels, [dataset.set]: value}});
      },
    });
  }

  /** Makes the sliders of the coordinates, which may be many, once they are wanted. */
  async #openCoordinates() {
    const place = element('coordinates');
    const model = this.#model;
    if (!model || !place.closest('details').open) return;
    if (place.children.length) return this.#showCoordinates();
    const add = (index) => {
      const row = slider({
        name: `${index + 1}`,
        label: `Coordinate ${index + 1}`,
        range: COORDINATE_RANGE,
        onInput: (value) => this.#move(this.picture.latent.with(index, value)),
      });
      place.append(row);
      if (this.picture) row.show(this.picture.latent[index]);
    };
    await inSlices(Array(model.latent_dim).keys(), COORDINATES_AT_ONCE, add, () => model === this.#model);
  }

  #showControls() {
    const {picture} = this;
    element('studio-origin').textContent = this.#origin();
    for (const shown of [this.canvas, this.map.place]) {
      shown.setAttribute('aria-label', `Picture: ${pictureName(picture)}`);
    }
    this.updateHeart();
    element('undo').disabled = samePicture(picture, this.#opened);
    [...element('directions').children].forEach((row, index) => {
      row.show(dot(picture.latent, this.directions[index]));
    });
    this.#showCoordinates();
    element('studio-classes')
      .querySelectorAll('select')
      .forEach((select) => (select.value = picture.labels[select.dataset.set]));
    element('previous').hidden = element('next').hidden = !this.#hasNeighbours;
  }

  /** There are many of them, so they are kept up to date only where they are seen. */
  #showCoordinates() {
    const rows = element('coordinates');
    if (!rows.closest('details').open) return;
    [...rows.children].forEach((row, index) => row.show(this.picture.latent[index]));
  }

  #copyCommand() {
    const {page, picture} = this;
    const size = this.#savedSize();
    const file = fileName(page.model, picture);
    const what = needsFile(picture, size) ? 'Command (first save the PNG)' : 'Command';
    page.copy(pictureCommand(page.model, picture, file, size), what);
  }

  get #hasNeighbours() {
    return this.#number >= 0 && this.page.gallery.pictures.length > 1;
  }

  /** Opens the picture before or after the one that was opened. */
  #step(by) {
    const {pictures} = this.page.gallery;
    if (!this.#hasNeighbours) return;
    this.open(pictures[(this.#number + by + pictures.length) % pictures.length]);
  }

  #key(event) {
    if (event.target.matches('input, select') || isForBrowser(event)) return;
    if (event.target === this.map.place && this.map.key(event)) return;
    const action = {
      ArrowLeft: () => this.#step(-1),
      ArrowRight: () => this.#step(1),
      f: () => this.page.favourites.toggle(this.picture),
      s: () => this.save(),
      c: () => this.#copyCommand(),
    }[keyOf(event)];
    if (!action) return;
    event.preventDefault();
    // A key that is held down goes on from picture to picture, but keeps, saves and copies once.
    if (!event.repeat || event.key.startsWith('Arrow')) action();
  }

  /** Says what the picture is drawn from. */
  #origin() {
    const {picture} = this;
    const isChanged = !samePicture(picture, this.#opened);
    if (isChanged && this.#opened.origin) return `Changed from ${pictureName(this.#opened)}`;
    return capitalized(pictureName(picture));
  }
}

function rows(values, length) {
  return Array.from({length: values.length / length}, (_, index) =>
    values.subarray(index * length, (index + 1) * length),
  );
}
