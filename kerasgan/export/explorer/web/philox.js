/**
 * The random numbers of a seed, the same that `kerasgan sample --seed` draws from.
 *
 * `kerasgan.randomness.stateless` gives TensorFlow's stateless functions the key (seed, purpose).
 * They scramble it once and then run Philox 4x32-10 as a counter: number i comes from block i / 4.
 *
 * Reference: Salmon et al., "Parallel Random Numbers: As Easy as 1, 2, 3", 2011.
 */

import {crc32} from './crc32.js';

const ROUNDS = 10;
const MULTIPLIERS = [0xd2511f53, 0xcd9e8d57];
const WEYL = [0x9e3779b9, 0xbb67ae85];
// TensorFlow scrambles a seed with these as the key of its own Philox.
const SCRAMBLING_KEY = [0x3ec8f720, 0x02461e29];
// TensorFlow takes no logarithm of less.
const SMALLEST = Math.fround(1e-7);

/** Returns the upper 32 bits of the product of two unsigned integers of 32 bits. */
function upperProduct(a, b) {
  const [aLow, aHigh, bLow, bHigh] = [a & 0xffff, a >>> 16, b & 0xffff, b >>> 16];
  const middle = aHigh * bLow + Math.floor((aLow * bLow) / 0x10000);
  const other = aLow * bHigh + (middle % 0x10000);
  return aHigh * bHigh + Math.floor(middle / 0x10000) + Math.floor(other / 0x10000);
}

function philox(counter, key) {
  let [a, b, c, d] = counter;
  let [first, second] = key;
  for (let round = 0; round < ROUNDS; round++) {
    const [p, q] = MULTIPLIERS;
    [a, b, c, d] = [
      (upperProduct(q, c) ^ b ^ first) >>> 0,
      Math.imul(q, c) >>> 0,
      (upperProduct(p, a) ^ d ^ second) >>> 0,
      Math.imul(p, a) >>> 0,
    ];
    first = (first + WEYL[0]) >>> 0;
    second = (second + WEYL[1]) >>> 0;
  }
  return [a, b, c, d];
}

/** Returns a function from a block's number to its four integers of 32 bits. */
function blocks(seed, purpose) {
  const stream = crc32(new TextEncoder().encode(purpose));
  const upper = Number(BigInt.asUintN(31, BigInt(seed)));
  const scrambled = philox([stream, upper, 0, 0], SCRAMBLING_KEY);
  const [first, second, low, high] = scrambled;
  return (block) => philox([block, 0, low, high], [first, second]);
}

/** Returns a float in [0, 1) from the lower 23 bits, as TensorFlow does. */
const unit = (bits) => (bits & 0x7fffff) / 0x800000;

/** Returns two numbers of N(0, 1) from two integers, by Box and Muller, in float32. */
function normalPair(x, y) {
  // Each step is rounded where `kerasgan.randomness.philox` rounds, so that both have the same bits.
  const angle = Math.fround(2 * Math.PI * unit(y));
  const logarithm = Math.fround(Math.log(Math.max(unit(x), SMALLEST)));
  const radius = Math.fround(Math.sqrt(-2 * logarithm));
  return [Math.fround(Math.sin(angle)) * radius, Math.fround(Math.cos(angle)) * radius];
}

/**
 * Returns one of the latents of a seed.
 *
 * @param {number|bigint} seed
 * @param {number} number Which of them, counted from 0.
 * @param {number} length The length of the latents.
 * @returns {Float32Array}
 */
export function seededLatent(seed, number, length) {
  const block = blocks(seed, 'generate');
  const latent = new Float32Array(length);
  const start = number * length;
  for (let index = Math.floor(start / 4); 4 * index < start + length; index++) {
    const bits = block(index);
    const values = [...normalPair(bits[0], bits[1]), ...normalPair(bits[2], bits[3])];
    values.forEach((value, offset) => {
      const place = 4 * index + offset - start;
      if (place >= 0 && place < length) latent[place] = value;
    });
  }
  return latent;
}

/**
 * Returns the class that a seed gives a picture where none is chosen.
 *
 * @param {number|bigint} seed
 * @param {number} number Which of the seed's pictures, counted from 0.
 * @param {string} set The name of the label set.
 * @param {number} classes The number of its classes.
 * @returns {number} The number of the class.
 */
export function seededClass(seed, number, set, classes) {
  return blocks(seed, `generate ${set}`)(Math.floor(number / 4))[number % 4] % classes;
}

/** Returns a new seed, unpredictable and short enough to be typed. */
export function newSeed() {
  return crypto.getRandomValues(new Uint32Array(1))[0] % 1_000_000;
}
