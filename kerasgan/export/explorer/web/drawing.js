/** Models that LiteRT runs in this thread, and pictures drawn by them. Part of the worker. */

import {loadAndCompile, Tensor} from '@litertjs/core';

import {fromFloat16} from './float16.js';
import {coordinates} from './plane.js';
import {Shader} from './shader.js';

/** A picture of pixels. @typedef {{width: number, height: number, channels: 1|3,
 *     pixels: Uint8ClampedArray}} Image Its pixels are RGBA. */

/** One model of the page. */
export class Model {
  /**
   * @param {Object} config The model's configuration.
   * @param {Object<string, Uint8Array>} files Its files by their roles.
   * @param {string} graphics `auto` draws CPPNs by a GPU where there is one,
   *     `software` also where one is only imitated, `off` never.
   */
  static async open(config, files, graphics) {
    const model = new Model();
    model.config = config;
    for (const role of ['generate', 'tile', 'encode']) {
      // `wasm` is the processor; WebGPU fails on transposed convolutions.
      if (files[role]) model[role] = await loadAndCompile(files[role], {accelerator: 'wasm'});
    }
    model.shader = null;
    if (files.pixel_network && graphics !== 'off') {
      const weights = fromFloat16(files.pixel_network);
      try {
        model.shader = new Shader(
          {
            ...config.pixel_network,
            latent_dim: config.latent_dim,
            channels: config.image_shape[2],
            coordinate_scale: config.coordinate_scale,
          },
          weights,
          graphics === 'software',
        );
      } catch (error) {
        model.shaderError = error.message;
      }
    }
    return model;
  }

  /** What draws. @returns {import('./painter.js').Engine} */
  get engine() {
    return {graphics: this.shader?.renderer ?? null, reason: this.shaderError ?? null};
  }

  /**
   * Draws a picture at the generator's own size.
   *
   * @param {Float32Array} latent
   * @param {Object<string, Float32Array>} parts The part of each class, by the label set's name.
   * @returns {Promise<Image>}
   */
  async draw(latent, parts) {
    const [height, width, channels] = this.config.image_shape;
    const values = await run(this.generate, {latents: latent, ...parts});
    const pixels = new Uint8ClampedArray(4 * width * height);
    paint(pixels, width, values, width, channels, {width, height});
    return {width, height, channels, pixels};
  }

  /**
   * Draws a part of a CPPN's picture.
   *
   * @param {Float32Array} latent
   * @param {{width: number, height: number}} size The size of the whole picture.
   * @param {import('./picture.js').View} view What the whole picture shows.
   * @param {{left: number, top: number, width: number, height: number}} part
   * @param {boolean} exact Whether LiteRT is to draw it, also where a GPU could.
   * @returns {Promise<Image>}
   */
  async drawPart(latent, size, view, part, exact) {
    const {coordinate_scale: scale, image_shape: shape} = this.config;
    const all = coordinates(size, view, scale);
    const x = all.x.slice(part.left, part.left + part.width);
    const y = all.y.slice(part.top, part.top + part.height);
    const image = {width: x.length, height: y.length, channels: shape[2]};
    if (this.shader && !exact) {
      try {
        return {...image, pixels: this.shader.draw(latent, x, y)};
      } catch (error) {
        this.shader = null;
        this.shaderError = error.message;
      }
    }
    return {...image, pixels: await this.#drawTiles(latent, x, y)};
  }

  /**
   * Encodes a picture.
   *
   * @param {Float32Array} image `(height, width, channels)` in [0, 1].
   * @returns {Promise<Float32Array>} Its latent.
   */
  encodeImage(image) {
    return run(this.encode, {images: image});
  }

  async #drawTiles(latent, x, y) {
    const {tile, image_shape: shape} = this.config;
    const channels = shape[2];
    const pixels = new Uint8ClampedArray(4 * x.length * y.length);
    for (let top = 0; top < y.length; top += tile) {
      for (let left = 0; left < x.length; left += tile) {
        const columns = padded(x.subarray(left, left + tile), tile);
        const rows = padded(y.subarray(top, top + tile), tile);
        const values = await run(this.tile, {latents: latent, x: columns, y: rows});
        const size = {
          width: Math.min(tile, x.length - left),
          height: Math.min(tile, y.length - top),
        };
        paint(pixels.subarray(4 * (top * x.length + left)), x.length, values, tile, channels, size);
      }
    }
    return pixels;
  }
}

/** Runs a LiteRT model. Tensors lie in WebAssembly's memory, which nothing else frees. */
async function run(compiled, inputs) {
  const tensors = {};
  for (const {name, shape} of compiled.getInputDetails()) {
    tensors[name] = new Tensor(inputs[name], [...shape]);
  }
  try {
    const [output] = Object.values(await compiled.run(tensors));
    try {
      return Float32Array.from(output.toTypedArray());
    } finally {
      output.delete();
    }
  } finally {
    Object.values(tensors).forEach((tensor) => tensor.delete());
  }
}

/** Returns an array of `length` that begins with `values`. */
function padded(values, length) {
  if (values.length === length) return values;
  const array = new Float32Array(length);
  array.set(values);
  return array;
}

/**
 * Writes values in [0, 1] into pixels.
 *
 * @param {Uint8ClampedArray} pixels RGBA, from the first pixel to write. It rounds like numpy.
 * @param {number} stride Pixels from one row to the next.
 * @param {Float32Array} values
 * @param {number} valueStride Places in `values` from one row to the next.
 * @param {number} channels
 * @param {{width: number, height: number}} size
 */
function paint(pixels, stride, values, valueStride, channels, {width, height}) {
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const to = 4 * (row * stride + column);
      const from = channels * (row * valueStride + column);
      for (let channel = 0; channel < 3; channel++) {
        pixels[to + channel] = 255 * values[from + (channels === 3 ? channel : 0)];
      }
      pixels[to + 3] = 255;
    }
  }
}
