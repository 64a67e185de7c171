/** Pictures as files. */

import {create} from './elements.js';
import {pictureKey} from './picture.js';
import {crc32} from './crc32.js';
import {provenanceTexts} from './provenance.js';

/** The number of digits of a picture's number, so that files sorted by name are sorted by number. */
const DIGITS = 3;

/** Returns the name of a picture's file, the same for the same latent and classes. */
export function fileName(model, picture) {
  const name = model.name.split(/[\\/]/).filter(Boolean).at(-1) ?? 'picture';
  const {origin} = picture;
  const classes = Object.values(picture.labels);
  if (origin && classes.every((label) => typeof label === 'string')) {
    const number = `${origin.number}`.padStart(DIGITS, '0');
    const words = classes.map((label) => label.replaceAll(/[^\p{L}\p{N}]+/gu, '_'));
    return `${[name, origin.seed, number, ...words].join('-')}.png`;
  }
  const digits = crc32(new TextEncoder().encode(pictureKey(picture))).toString(16);
  return `${name}-${digits.padStart(8, '0')}.png`;
}

/**
 * Draws a picture and returns it as a PNG file that says what it was drawn from.
 *
 * @param {Object} page
 * @param {import('./picture.js').Picture} picture
 * @param {?{width: number, height: number}} size The size of a CPPN's picture.
 * @param {function(number): void} onProgress Takes the part that is drawn.
 * @returns {Promise<?Uint8Array>} `null` if the model was opened again meanwhile.
 */
export async function pngOf(page, picture, size, onProgress) {
  const {model} = page;
  const image = await page.painter.drawLarge(model, picture, size, onProgress);
  if (!image) return null;
  const texts = provenanceTexts(model, page.config.version, picture, size);
  return page.painter.png(image, texts);
}

/** Lets the browser save a file. */
export function download(bytes, name) {
  const url = URL.createObjectURL(new Blob([bytes], {type: 'image/png'}));
  const link = create('a', {href: url, download: name});
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
