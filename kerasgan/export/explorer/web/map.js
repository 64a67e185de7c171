/** A CPPN's picture as a map: one can zoom and move about without end. */

import {element} from './elements.js';
import {MapLayers} from './layers.js';
import {pixelSide, roundedView, viewNumbers, zoomedAt} from './plane.js';
import {OWN_VIEW} from './picture.js';

// What a GPU draws at once, and what the processor draws.
const TILES = {graphics: 256, processor: 64};
const PREVIEW = 8;
// The tiles begin when nothing has moved for so long.
const REST_MILLISECONDS = 100;
const MOST_PIXELS = 1_200_000;
const WHEEL = 0.0015;
// Chromium's wheel of a trackpad's pinch is a hundred times the logarithm of its scale.
const PINCH = 0.01;
// That of `kerasgan.drawing.View`.
const FARTHEST = 1e9;
const KEY_ZOOM = 1.4;
const KEY_STEP = 0.1;

export class PlaneMap {
  /** Its size in its own pixels. */
  size = {width: 1, height: 1};
  #picture = null;
  #version = 0;
  #pointers = new Map();

  /** @param {function(import('./picture.js').View): void} onLook Takes each new view. */
  constructor(page, place, onLook) {
    Object.assign(this, {page, place, onLook, layers: new MapLayers(place)});
    new ResizeObserver(() => this.#picture && this.#fit() && this.#draw()).observe(place);
    place.addEventListener('pointerdown', (event) => this.#down(event));
    place.addEventListener('pointermove', (event) => this.#moved(event));
    for (const kind of ['pointerup', 'pointercancel']) {
      place.addEventListener(kind, ({pointerId}) => this.#pointers.delete(pointerId));
    }
    place.addEventListener('wheel', (event) => this.#wheel(event), {passive: false});
    // Safari's own events of a trackpad's pinch.
    for (const kind of ['gesturestart', 'gesturechange']) {
      place.addEventListener(kind, (event) => this.#gesture(event));
    }
    place.addEventListener('dblclick', (event) => {
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
    this.#draw();
  }

  /** Draws nothing more. */
  stop() {
    clearTimeout(this.resting);
    this.page.painter.forget('map');
    this.layers.clear();
    this.#picture = null;
    this.#version++;
    this.#pointers.clear();
  }

  /** Looks at another part of the plane. @param {import('./picture.js').View} view */
  look({zoom, centre}) {
    const view = {
      zoom,
      centre: centre.map((value) => Math.min(Math.max(value, -FARTHEST), FARTHEST)),
    };
    this.#picture = {...this.#picture, view};
    this.#draw();
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

  /** Takes the size of its place, and tells whether it is another. */
  #fit() {
    const {clientWidth, clientHeight} = this.place;
    const most = Math.sqrt(MOST_PIXELS / Math.max(1, clientWidth * clientHeight));
    const ratio = Math.min(devicePixelRatio, most);
    const [width, height] = [clientWidth, clientHeight].map((side) =>
      Math.max(1, Math.round(side * ratio)),
    );
    if (width === this.size.width && height === this.size.height) return false;
    this.size = {width, height};
    return true;
  }

  /** Moves what is drawn, then draws a preview and, once nothing moves, the tiles. */
  async #draw() {
    const {page} = this;
    const picture = this.#picture;
    const version = ++this.#version;
    this.layers.look(picture.view, this.size);
    const [zoom, x, y] = viewNumbers(picture.view);
    element('map-place').textContent = `${zoom}× at ${x}, ${y}`;
    page.painter.forget('map tile');
    clearTimeout(this.resting);
    const preview = await this.#drawPreview(picture);
    // One of a view that has passed still shows the picture better than none.
    if (!preview || picture.latent !== this.#picture?.latent) return;
    this.layers.preview(preview, picture, PREVIEW);
    if (version !== this.#version) return;
    this.resting = setTimeout(() => this.#drawTiles(), REST_MILLISECONDS);
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

  /** Draws the tiles from the middle outwards. */
  async #drawTiles() {
    const {page, size} = this;
    // What is at rest is what its label, its link and its command say.
    this.#picture = {...this.#picture, view: roundedView(this.#picture.view)};
    const picture = this.#picture;
    this.onLook(picture.view);
    this.layers.look(picture.view, size);
    const version = this.#version;
    const layer = this.layers.add(picture);
    const drawn = this.#tiles().map(async (tile) => {
      const order = {key: `map tile ${tile.left} ${tile.top}`, priority: 2};
      const image = await page.painter.drawPart(page.model, picture, size, tile, order);
      if (!image || version !== this.#version) return false;
      this.layers.put(layer, tile, image.pixels);
      return true;
    });
    const all = await Promise.all(drawn);
    if (!all.every(Boolean)) return;
    this.layers.finish(layer);
    this.place.dispatchEvent(new Event('drawn'));
  }

  #tiles() {
    const {size, page} = this;
    const {graphics} = page.painter.engineOf(page.model);
    const side = graphics ? TILES.graphics : TILES.processor;
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
    return tiles.sort((a, b) => away(a) - away(b));
  }

  /** Moves the middle by whole pixels. */
  #move(x, y) {
    const {zoom, centre} = this.#picture.view;
    const side = pixelSide(this.size, zoom);
    this.look({zoom, centre: [centre[0] + Math.round(x) * side, centre[1] + Math.round(y) * side]});
  }

  #zoom(factor, x = this.size.width / 2, y = this.size.height / 2) {
    this.look(zoomedAt(this.size, this.#picture.view, factor, x, y));
  }

  /** Returns a pointer's place in pixels of the map. */
  #place({clientX, clientY}) {
    const box = this.place.getBoundingClientRect();
    return [
      ((clientX - box.left) * this.size.width) / box.width,
      ((clientY - box.top) * this.size.height) / box.height,
    ];
  }

  #down(event) {
    if (!this.#picture || event.button) return;
    this.place.setPointerCapture(event.pointerId);
    this.#pointers.set(event.pointerId, this.#place(event));
  }

  /** One finger moves the map; two also zoom it. */
  #moved(event) {
    const before = this.#pointers.get(event.pointerId);
    if (!before) return;
    // A menu can swallow that the button was let go.
    if (event.pointerType === 'mouse' && !event.buttons) {
      this.#pointers.delete(event.pointerId);
      return;
    }
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
    const speed = event.ctrlKey ? PINCH : WHEEL;
    this.#zoom(Math.exp(-speed * delta), ...this.#place(event));
  }

  #gesture(event) {
    event.preventDefault();
    // Fingers on the screen are pointers too.
    if (!this.#picture || this.#pointers.size) return;
    if (event.type === 'gesturechange') {
      this.#zoom(event.scale / this.scale, ...this.#place(event));
    }
    this.scale = event.scale;
  }
}
