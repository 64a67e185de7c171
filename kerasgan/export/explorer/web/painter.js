/** The page's side of the worker: what is to be drawn, and in which order. */

import {inflated, sourceOf} from './assets.js';
import {classParts} from './picture.js';

// So the worker never waits for the page, and what is no longer wanted is seldom drawn.
const MOST_SENT = 2;
// Pixels of a large picture that are drawn at once.
const STRIP_PIXELS = 65_536;

/**
 * @typedef {Object} Order
 * @property {string} [key] A new request replaces one of the same key that is not drawn yet.
 * @property {number} [priority] Higher ones are drawn first; 0 where it is not given.
 */

/**
 * @typedef {Object} Engine
 * @property {?string} graphics The GPU that draws a CPPN; `null` where the processor draws.
 * @property {?string} reason Why there is no GPU, or no longer.
 */

export class Painter {
  /** @type {?Promise<Worker>} */
  #worker = null;
  #waiting = [];
  #sent = new Map();
  #number = 0;
  /** Counts the models that were opened, as only the last of them is wanted. */
  #opening = 0;
  #isOpen = false;
  /** What draws each of the models, by their names. */
  #engines = new Map();

  /**
   * Opens a model, so that it can draw. What is to be drawn waits until it is opened, and what
   * still waits for another model is forgotten.
   *
   * @param {Object} config Its configuration.
   * @param {string} graphics See `drawing.js`.
   * @returns {Promise<?Engine>} `null` if another model was opened in the meantime.
   * @throws {Error} It cannot be read, or the worker cannot be started.
   */
  async open(config, graphics) {
    const opening = ++this.#opening;
    this.#isOpen = false;
    this.forget('');
    const sources = Object.fromEntries(
      Object.entries(config.files).map(([role, name]) => [role, sourceOf(name)]),
    );
    const values = {config, sources, wasm: sourceOf('litert.wasm.gz'), graphics};
    try {
      const worker = await (this.#worker ??= this.#start());
      await this.#send(worker, {message: {action: 'open', model: config.name, ...values}});
      if (opening !== this.#opening) return null;
      this.#isOpen = true;
      this.#sendNext();
      return this.engineOf(config);
    } catch (error) {
      if (opening !== this.#opening) return null;
      throw error;
    }
  }

  /** Returns what draws a model that was opened. @returns {Engine} */
  engineOf({name}) {
    return this.#engines.get(name);
  }

  /** Ends the worker; the next model that is opened starts another one. Requests give `null`. */
  restart() {
    this.#worker?.then(
      (worker) => worker.terminate(),
      () => {},
    );
    this.#clear().forEach(({resolve}) => resolve(null));
  }

  /** Starts the worker. */
  async #start() {
    try {
      const script = await inflated(sourceOf('worker.js.gz'));
      const url = URL.createObjectURL(new Blob([script], {type: 'text/javascript'}));
      const worker = new Worker(url);
      worker.onmessage = ({data}) => this.#answer(data);
      worker.onerror = (event) => {
        worker.terminate();
        this.#fail(event.message || 'the worker does not start.');
      };
      return worker;
    } catch (error) {
      this.#worker = null;
      throw error;
    }
  }

  /**
   * Draws a picture at the generator's own size; a CPPN's also at another.
   *
   * @param {Object} config The model's configuration.
   * @param {import('./picture.js').Picture} picture
   * @param {Order & {size?: {width: number, height: number}}} [options]
   * @returns {Promise<?import('./drawing.js').Image>} `null` if another request took its place.
   */
  draw(config, picture, {size = ownSize(config), ...order} = {}) {
    if (config.files.tile) {
      const part = {left: 0, top: 0, ...size};
      return this.drawPart(config, picture, size, part, order);
    }
    const {latent} = picture;
    const parts = classParts(config, picture);
    return this.#ask('draw', {model: config.name, latent, parts}, order);
  }

  /** Draws a part of a CPPN's picture; see `draw` and `drawing.js`. */
  drawPart(config, picture, size, part, {exact = false, ...order} = {}) {
    const {latent, view} = picture;
    return this.#ask('drawPart', {model: config.name, latent, size, view, part, exact}, order);
  }

  /**
   * Draws a picture by LiteRT, large ones in strips, so that others are drawn in between.
   *
   * @param {function(number): void} onProgress Takes the part that is drawn.
   * @returns {Promise<?import('./drawing.js').Image>} `null` if the worker was restarted meanwhile.
   */
  async drawLarge(config, picture, size, onProgress) {
    if (!config.files.tile) return this.draw(config, picture);
    const image = {...size, channels: config.image_shape[2]};
    image.pixels = new Uint8ClampedArray(4 * size.width * size.height);
    // LiteRT draws whole tiles.
    const rows = config.tile * Math.max(1, Math.floor(STRIP_PIXELS / size.width / config.tile));
    for (let top = 0; top < size.height; top += rows) {
      const part = {left: 0, top, width: size.width, height: Math.min(rows, size.height - top)};
      const strip = await this.drawPart(config, picture, size, part, {exact: true});
      if (!strip) return null;
      image.pixels.set(strip.pixels, 4 * top * size.width);
      onProgress((top + part.height) / size.height);
    }
    return image;
  }

  /** Encodes a picture; see `drawing.js`. Gives `null` where another model is opened first. */
  encode(config, image) {
    return this.#ask('encode', {model: config.name, image}, {key: 'encode', priority: 5});
  }

  /** Returns an image as the bytes of a PNG file; `null` if the worker was restarted meanwhile. */
  png(image, texts) {
    const transfer = [image.pixels.buffer];
    return this.#ask('png', {image, texts}, {priority: 5, transfer});
  }

  /** Forgets what is not drawn yet and has a key that begins so; its requests give `null`. */
  forget(beginning) {
    const forgotten = this.#waiting.filter(({key}) => key?.startsWith(beginning));
    this.#waiting = this.#waiting.filter((request) => !forgotten.includes(request));
    forgotten.forEach(({resolve}) => resolve(null));
  }

  #ask(action, values, {key, priority = 0, transfer = []} = {}) {
    return new Promise((resolve, reject) => {
      const request = {key, priority, transfer, resolve, reject, message: {action, ...values}};
      const place = key ? this.#waiting.findIndex((other) => other.key === key) : -1;
      if (place >= 0) {
        this.#waiting[place].resolve(null);
        this.#waiting[place] = request;
      } else {
        this.#waiting.push(request);
      }
      this.#sendNext();
    });
  }

  async #sendNext() {
    // `open` reports a worker that cannot be started.
    const worker = await this.#worker?.catch(() => null);
    while (worker && this.#isOpen && this.#waiting.length && this.#sent.size < MOST_SENT) {
      const next = this.#waiting.reduce((a, b) => (b.priority > a.priority ? b : a));
      this.#waiting.splice(this.#waiting.indexOf(next), 1);
      this.#send(worker, next).then(next.resolve, next.reject);
    }
  }

  /** Sends a request to the worker and returns its answer. */
  #send(worker, {message, transfer = []}) {
    return new Promise((resolve, reject) => {
      const id = this.#number++;
      this.#sent.set(id, {resolve, reject});
      worker.postMessage({id, ...message}, transfer);
    });
  }

  #answer({id, value, error, model, engine}) {
    const {resolve, reject} = this.#sent.get(id);
    this.#sent.delete(id);
    if (engine) this.#engines.set(model, engine);
    if (error === undefined) resolve(value);
    else reject(new Error(error));
    this.#sendNext();
  }

  #fail(reason) {
    this.#clear().forEach(({reject}) => reject(new Error(reason)));
  }

  /** Forgets the worker and all requests, and returns these. */
  #clear() {
    this.#worker = null;
    this.#isOpen = false;
    const requests = [...this.#sent.values(), ...this.#waiting];
    this.#sent.clear();
    this.#waiting = [];
    return requests;
  }
}

/** Returns the size of the pictures that a generator draws itself. */
export function ownSize({image_shape: [height, width]}) {
  return {width, height};
}
