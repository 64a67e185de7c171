/** Pictures that the model's encoder finds latents for. */

import {element, showImage} from './elements.js';
import {sizeOf} from './grid.js';
import {OWN_VIEW} from './picture.js';

const SMALLEST_SIDE = 312;
const SHOWN_SIDE = 128;
// Of the side: about that of a digit in MNIST.
const PEN = 0.09;

export class Encoder {
  #picture = null;
  #drawn = false;

  constructor(page) {
    this.page = page;
    this.pad = element('pad');
    this.context = this.pad.getContext('2d', {willReadFrequently: true});
    this.pad.addEventListener('pointerdown', (event) => this.#begin(event));
    this.pad.addEventListener('pointermove', (event) => this.#draw(event));
    for (const kind of ['pointerup', 'pointercancel']) {
      this.pad.addEventListener(kind, ({isPrimary}) => isPrimary && (this.last = null));
    }
    element('pad-file').addEventListener('change', ({target}) => {
      page.takeFile(target.files[0]);
      target.value = '';
    });
    element('pad-clear').addEventListener('click', () => this.clear());
    element('encode-open').addEventListener('click', () => page.studio.open(this.#picture));
  }

  /** Gets ready for the page's model. */
  setModel() {
    this.clear();
  }

  clear() {
    const side = Math.max(SMALLEST_SIDE, ...this.page.model.image_shape.slice(0, 2));
    Object.assign(this.pad, {width: side, height: side});
    this.#blank();
    this.#drawn = false;
    this.#picture = null;
    element('encode-open').disabled = true;
    element('encode-error').textContent = '';
    Object.assign(element('encoded'), {width: 1, height: 1});
  }

  /** Takes a picture: it is padded to a square, as `kerasgan encode` does. */
  take(image) {
    const side = this.pad.width;
    const factor = side / Math.max(image.width, image.height);
    const [width, height] = [image.width * factor, image.height * factor];
    this.#blank();
    this.context.imageSmoothingQuality = 'high';
    // A picture of a few pixels shows that it is one.
    this.context.imageSmoothingEnabled = factor < 1;
    this.context.drawImage(image, (side - width) / 2, (side - height) / 2, width, height);
    this.#drawn = true;
    return this.#encode();
  }

  /** Black for digits and white for drawings, as `kerasgan encode` pads. */
  get #grounds() {
    return this.page.model.image_shape[2] === 1 ? ['#000', '#fff'] : ['#fff', '#000'];
  }

  #blank() {
    [this.context.fillStyle] = this.#grounds;
    this.context.fillRect(0, 0, this.pad.width, this.pad.height);
  }

  #begin(event) {
    if (!this.page.opened || event.button || !event.isPrimary) return;
    this.pad.setPointerCapture(event.pointerId);
    this.last = this.#place(event);
    this.#draw(event);
  }

  #draw(event) {
    if (!event.isPrimary || !event.buttons || !this.last) return;
    const place = this.#place(event);
    Object.assign(this.context, {
      strokeStyle: this.#grounds[1],
      lineWidth: PEN * this.pad.width,
      lineCap: 'round',
    });
    this.context.beginPath();
    this.context.moveTo(...this.last);
    this.context.lineTo(...place);
    this.context.stroke();
    this.last = place;
    this.#drawn = true;
    this.#encode();
  }

  #place({clientX, clientY}) {
    const box = this.pad.getBoundingClientRect();
    const side = this.pad.width;
    return [((clientX - box.left) * side) / box.width, ((clientY - box.top) * side) / box.height];
  }

  async #encode() {
    if (this.encoding) {
      this.again = true;
      return;
    }
    this.encoding = true;
    try {
      do {
        this.again = false;
        await this.#encodeOnce();
      } while (this.again);
    } finally {
      this.encoding = false;
    }
  }

  async #encodeOnce() {
    const {page} = this;
    const {model} = page;
    const image = this.#values();
    const latent = await page.painter.encode(model, image);
    if (!latent || !this.#drawn || model !== page.model) return;
    this.#picture = {latent, origin: null, labels: {}, view: OWN_VIEW};
    const own = await page.painter.draw(model, this.#picture, {priority: 4});
    if (!own || !this.#drawn || model !== page.model) return;
    showImage(element('encoded'), own);
    const error = image.reduce((sum, value, index) => {
      const channels = model.image_shape[2];
      const pixel = 4 * Math.floor(index / channels) + (index % channels);
      return sum + (value - own.pixels[pixel] / 255) ** 2;
    }, 0);
    element('encode-error').textContent = ` · reconstruction error ${(error / image.length).toFixed(4)}`;
    element('encode-open').disabled = false;
    // What follows at once is not drawn large as well.
    if (this.again || !model.files.tile) return;
    const options = {priority: 4, size: sizeOf(model, SHOWN_SIDE)};
    const large = await page.painter.draw(model, this.#picture, options);
    if (large && this.#drawn && model === page.model) showImage(element('encoded'), large);
  }

  /** Returns the picture at the model's size, `(height, width, channels)` in [0, 1]. */
  #values() {
    const [height, width, channels] = this.page.model.image_shape;
    const side = this.pad.width;
    const {data} = this.context.getImageData(0, 0, side, side);
    const values = new Float32Array(height * width * channels);
    // The mean of the pixels that each of the model's covers.
    for (let y = 0; y < height; y++) {
      const [top, bottom] = [y, y + 1].map((edge) => Math.round((edge * side) / height));
      for (let x = 0; x < width; x++) {
        const [left, right] = [x, x + 1].map((edge) => Math.round((edge * side) / width));
        const sums = [0, 0, 0];
        for (let row = top; row < bottom; row++) {
          for (let column = left; column < right; column++) {
            for (let c = 0; c < 3; c++) sums[c] += data[4 * (row * side + column) + c];
          }
        }
        const count = 255 * (bottom - top) * (right - left);
        const place = channels * (y * width + x);
        if (channels === 3) values.set(sums.map((sum) => sum / count), place);
        // Grey as Pillow makes it of colours (ITU-R 601).
        else values[place] = (0.299 * sums[0] + 0.587 * sums[1] + 0.114 * sums[2]) / count;
      }
    }
    return values;
  }
}
