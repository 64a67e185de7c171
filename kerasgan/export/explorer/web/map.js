/** A CPPN's picture as a map: one can zoom and move about without end. */

import {element} from './elements.js';
import {pixelSide, zoomedAt} from './plane.js';
import {OWN_VIEW} from './picture.js';
import {brief} from './provenance.js';

// What a graphics processor draws at once, and what the processor draws.
const TILES = {graphics: 256, processor: 64};
const PREVIEW = 8;
// The tiles begin when nothing has moved for so long.
const REST_MILLISECONDS = 60;
const MOST_PIXELS = 1_200_000;
const WHEEL = 0.0015;
const KEY_ZOOM = 1.4;
const KEY_STEP = 0.1;

export class PlaneMap {
  /** The size of the canvas in its own pixels. */
  size = {width: 1, height: 1};
  #picture = null;
  #version = 0;
  #pointers = new Map();

  /** @param {function(import('./picture.js').View): void} onLook Takes each new view. */
  constructor(page, canvas, onLook) {
    Object.assign(this, {page, canvas, onLook});
    this.kept = document.createElement('canvas');
    new ResizeObserver(() => this.#picture && this.#resize()).observe(canvas);
    canvas.addEventListener('pointerdown', (event) => this.#down(event));
    canvas.addEventListener('pointermove', (event) => this.#moved(event));
    for (const kind of ['pointerup', 'pointercancel']) {
      canvas.addEventListener(kind, ({pointerId}) => this.#pointers.delete(pointerId));
    }
    canvas.addEventListener('wheel', (event) => this.#wheel(event), {passive: false});
    canvas.addEventListener('dblclick', (event) => {
      if (this.#picture) this.#zoom(2, ...this.#place(event));
    });
    element('zoom-in').addEventListener('click', () => this.#zoom(KEY_ZOOM));
    element('zoom-out').addEventListener('click', () => this.#zoom(1 / KEY_ZOOM));
    element('zoom-reset').addEventListener('click', () => this.look(OWN_VIEW));
  }

  /** Shows a picture in its view. */
  show(picture) {
    this.#picture = picture;
    this.#fit();
    // Of another latent nothing that was drawn can be kept.
    this.#draw(false);
  }

  /** Draws nothing more. */
  stop() {
    clearTimeout(this.resting);
    this.page.painter.forget('map');
    this.#picture = null;
    this.#version++;
    this.#pointers.clear();
  }

  /** Looks at another part of the plane. @param {import('./picture.js').View} view */
  look(view) {
    const before = this.#picture.view;
    this.#picture = {...this.#picture, view};
    this.#keep(before, view);
    this.#draw(true);
    this.onLook(view);
  }

  /** Answers a key, and tells whether it did. */
  key(event) {
    const step = KEY_STEP * Math.min(this.size.width, this.size.height);
    const action = {
      ArrowLeft: () => this.#move(-step, 0),
      ArrowRight: () => this.#move(step, 0),
      ArrowUp: () => this.#move(0, -step),
      ArrowDown: () => this.#move(0, step),
      '+': () => this.#zoom(KEY_ZOOM),
      '=': () => this.#zoom(KEY_ZOOM),
      '-': () => this.#zoom(1 / KEY_ZOOM),
      0: () => this.look(OWN_VIEW),
    }[event.key];
    if (!action) return false;
    event.preventDefault();
    action();
    return true;
  }

  #fit() {
    const {clientWidth, clientHeight} = this.canvas;
    const most = Math.sqrt(MOST_PIXELS / Math.max(1, clientWidth * clientHeight));
    const ratio = Math.min(devicePixelRatio, most);
    const size = {
      width: Math.max(1, Math.round(clientWidth * ratio)),
      height: Math.max(1, Math.round(clientHeight * ratio)),
    };
    if (size.width === this.canvas.width && size.height === this.canvas.height) return false;
    this.size = size;
    Object.assign(this.canvas, size);
    return true;
  }

  #resize() {
    if (this.#fit()) this.#draw(false);
  }

  /** Moves what is on the canvas to where it is in another view. */
  #keep(before, after) {
    const {canvas, kept, size} = this;
    Object.assign(kept, size);
    kept.getContext('2d').drawImage(canvas, 0, 0);
    const factor = after.zoom / before.zoom;
    const side = pixelSide(size, after.zoom);
    const [x, y] = [0, 1].map((axis) => (before.centre[axis] - after.centre[axis]) / side);
    const context = canvas.getContext('2d');
    context.clearRect(0, 0, size.width, size.height);
    context.drawImage(
      kept,
      x + (size.width * (1 - factor)) / 2,
      y + (size.height * (1 - factor)) / 2,
      size.width * factor,
      size.height * factor,
    );
  }

  /** Draws a preview at once, beneath what is kept, and then the tiles from the middle outwards. */
  async #draw(keeps) {
    const {page, size} = this;
    const picture = this.#picture;
    const version = ++this.#version;
    const {zoom, centre} = picture.view;
    element('map-place').textContent = `${brief(zoom)}× at ${centre.map((v) => v.toFixed(2)).join(', ')}`;
    page.painter.forget('map tile');
    clearTimeout(this.resting);
    const preview = await this.#drawPreview(picture);
    if (!preview || version !== this.#version) return;
    this.#put(preview, keeps);
    this.canvas.classList.remove('empty');
    this.resting = setTimeout(() => this.#drawTiles(picture, version), keeps ? REST_MILLISECONDS : 0);
  }

  /** Draws a picture whose pixels are `PREVIEW` times as large and lie evenly about the middle. */
  #drawPreview(picture) {
    const {page, size} = this;
    const coarse = {
      width: Math.ceil(size.width / PREVIEW),
      height: Math.ceil(size.height / PREVIEW),
    };
    const {zoom, centre} = picture.view;
    const factor = pixelSide(coarse, 1) / (PREVIEW * pixelSide(size, zoom));
    const coarsely = {...picture, view: {zoom: factor, centre}};
    const order = {key: 'map preview', priority: 6};
    return page.painter.drawPart(page.model, coarsely, coarse, {left: 0, top: 0, ...coarse}, order);
  }

  async #drawTiles(picture, version) {
    const {page, size} = this;
    const side = page.engine.graphics ? TILES.graphics : TILES.processor;
    const away = ({left, top}) =>
      Math.hypot(left + side / 2 - size.width / 2, top + side / 2 - size.height / 2);
    const tiles = [];
    for (let top = 0; top < size.height; top += side) {
      for (let left = 0; left < size.width; left += side) {
        tiles.push({
          left,
          top,
          width: Math.min(side, size.width - left),
          height: Math.min(side, size.height - top),
        });
      }
    }
    tiles.sort((a, b) => away(a) - away(b));
    const drawn = tiles.map(async (tile) => {
      const order = {key: `map tile ${tile.left} ${tile.top}`, priority: 2};
      const image = await page.painter.drawPart(page.model, picture, size, tile, order);
      if (!image || version !== this.#version) return false;
      const data = new ImageData(image.pixels, image.width, image.height);
      this.canvas.getContext('2d').putImageData(data, tile.left, tile.top);
      return true;
    });
    const all = await Promise.all(drawn);
    if (all.every(Boolean)) this.canvas.dispatchEvent(new Event('drawn'));
  }

  #put({width, height, pixels}, beneath) {
    const small = this.kept;
    Object.assign(small, {width, height});
    small.getContext('2d').putImageData(new ImageData(pixels, width, height), 0, 0);
    const context = this.canvas.getContext('2d');
    context.globalCompositeOperation = beneath ? 'destination-over' : 'source-over';
    context.imageSmoothingQuality = 'high';
    const [wide, high] = [width * PREVIEW, height * PREVIEW];
    context.drawImage(small, (this.size.width - wide) / 2, (this.size.height - high) / 2, wide, high);
    context.globalCompositeOperation = 'source-over';
  }

  /** Moves the middle by whole pixels, so that what is drawn stays sharp. */
  #move(x, y) {
    const {zoom, centre} = this.#picture.view;
    const side = pixelSide(this.size, zoom);
    this.look({zoom, centre: [centre[0] + Math.round(x) * side, centre[1] + Math.round(y) * side]});
  }

  #zoom(factor, x = this.size.width / 2, y = this.size.height / 2) {
    this.look(zoomedAt(this.size, this.#picture.view, factor, x, y));
  }

  /** Returns a pointer's place in pixels of the canvas. */
  #place({clientX, clientY}) {
    const box = this.canvas.getBoundingClientRect();
    return [
      ((clientX - box.left) * this.size.width) / box.width,
      ((clientY - box.top) * this.size.height) / box.height,
    ];
  }

  #down(event) {
    if (!this.#picture) return;
    this.canvas.setPointerCapture(event.pointerId);
    this.#pointers.set(event.pointerId, this.#place(event));
  }

  /** One finger moves the map; two also zoom it. */
  #moved(event) {
    const before = this.#pointers.get(event.pointerId);
    if (!before) return;
    const now = this.#place(event);
    const [x, y] = [Math.round(now[0] - before[0]), Math.round(now[1] - before[1])];
    if (this.#pointers.size === 1) {
      if (!x && !y) return;
      this.#pointers.set(event.pointerId, [before[0] + x, before[1] + y]);
      return this.#move(-x, -y);
    }
    const other = [...this.#pointers].find(([id]) => id !== event.pointerId)[1];
    const distance = (place) => Math.hypot(place[0] - other[0], place[1] - other[1]);
    this.#pointers.set(event.pointerId, now);
    if (distance(before) > 0) {
      this.#zoom(distance(now) / distance(before), other[0], other[1]);
    }
  }

  #wheel(event) {
    if (!this.#picture) return;
    event.preventDefault();
    // Lines and pages are about so many pixels.
    const delta = event.deltaY * [1, 33, 400][event.deltaMode];
    this.#zoom(Math.exp(-WHEEL * delta), ...this.#place(event));
  }
}
