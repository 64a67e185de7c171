/**
 * The canvases of a map: those of tiles above one of a coarse preview.
 *
 * Each has the view that it was drawn in. While the map moves, the browser moves and scales them by
 * CSS to where they are in the view that is shown, and nothing is drawn on them.
 */

import {create} from './elements.js';
import {pixelSide} from './plane.js';

// Unfinished ones are kept too, for their tiles are sharper than what is below.
const MOST_LAYERS = 3;
// Of a layer that was drawn much nearer or farther away hardly anything is to be seen.
const MOST_SCALE = 64;

export class MapLayers {
  /** From the lowest to the topmost. */
  #layers = [];
  #view = null;

  /** @param {HTMLElement} place The element that they fill. */
  constructor(place) {
    this.place = place;
    this.coarse = {canvas: create('canvas', {className: 'coarse'}), view: null};
    place.append(this.coarse.canvas);
  }

  /**
   * Shows another view.
   *
   * @param {import('./picture.js').View} view
   * @param {{width: number, height: number}} size The size of the map in its own pixels.
   */
  look(view, size) {
    this.#view = view;
    this.size = size;
    [this.coarse, ...this.#layers].forEach((layer) => this.#move(layer));
  }

  /**
   * Shows a preview below the tiles; those of another latent are removed.
   *
   * @param {import('./drawing.js').Image} image
   * @param {import('./picture.js').Picture} picture
   * @param {number} scale How many pixels of the map one of the preview's covers.
   */
  preview({width, height, pixels}, {view, latent}, scale) {
    this.#remove(this.#layers.filter((layer) => layer.latent !== latent));
    // Its pixels at the edges stand out of the map.
    const share = [(width * scale) / this.size.width, (height * scale) / this.size.height];
    Object.assign(this.coarse, {view, share});
    Object.assign(this.coarse.canvas, {width, height});
    draw(this.coarse.canvas, pixels, {left: 0, top: 0, width, height});
    this.#move(this.coarse);
  }

  /** Puts a layer for the tiles of a picture on top of the others, and returns it. */
  add({view, latent}) {
    const canvas = create('canvas', {className: 'sharp', ...this.size});
    const layer = {canvas, view, latent, share: [1, 1]};
    this.#layers.push(layer);
    this.place.append(canvas);
    // The lowest covers everything, and the newer of the unfinished ones show more of what matters.
    if (this.#layers.length > MOST_LAYERS) this.#remove([this.#layers[1]]);
    this.#move(layer);
    return layer;
  }

  /** Puts a tile onto a layer. */
  put(layer, tile, pixels) {
    draw(layer.canvas, pixels, tile);
  }

  /** Removes what a layer covers, as all its tiles are drawn. */
  finish(layer) {
    this.#remove(this.#layers.slice(0, this.#layers.indexOf(layer)));
  }

  clear() {
    this.#remove([...this.#layers]);
    this.coarse.view = null;
    this.coarse.canvas.hidden = true;
  }

  #remove(layers) {
    layers.forEach(({canvas}) => canvas.remove());
    this.#layers = this.#layers.filter((layer) => !layers.includes(layer));
  }

  #move({canvas, view, share}) {
    const now = this.#view;
    if (!view || !now) return;
    const {size} = this;
    const scale = now.zoom / view.zoom;
    canvas.hidden = scale > MOST_SCALE || scale < 1 / MOST_SCALE;
    const side = pixelSide(size, now.zoom);
    const percent = (value) => `${100 * value}%`;
    Object.assign(canvas.style, {
      left: percent((1 - share[0]) / 2),
      top: percent((1 - share[1]) / 2),
      width: percent(share[0]),
      height: percent(share[1]),
    });
    const [x, y] = [size.width, size.height].map(
      (length, axis) => (view.centre[axis] - now.centre[axis]) / side / length / share[axis],
    );
    const isMoved = x || y || scale !== 1;
    canvas.style.transform = isMoved ? `translate(${percent(x)}, ${percent(y)}) scale(${scale})` : '';
  }
}

function draw(canvas, pixels, {left, top, width, height}) {
  canvas.getContext('2d').putImageData(new ImageData(pixels, width, height), left, top);
}
