/** PNG files with text chunks (PNG specification, 11.2 and 11.3.3). */

import {crc32} from './crc32.js';

const SIGNATURE = [137, 80, 78, 71, 13, 10, 26, 10];
const GREY = 0;
const COLOUR = 2;
// The filter of a row by which each byte is the difference to the one above.
const UP = 2;

/**
 * Returns a PNG file of 8 bits a channel.
 *
 * @param {{width: number, height: number, channels: 1|3, pixels: Uint8ClampedArray}} picture Its
 *     pixels are RGBA, as a canvas has them; a picture of one channel is written in grey.
 * @param {Object<string, string>} texts By their keywords.
 * @returns {Promise<Uint8Array>}
 */
export async function encodePng(picture, texts) {
  const {width, height, channels} = picture;
  const header = new DataView(new ArrayBuffer(13));
  header.setUint32(0, width);
  header.setUint32(4, height);
  header.setUint8(8, 8);
  header.setUint8(9, channels === 1 ? GREY : COLOUR);
  const parts = [
    Uint8Array.from(SIGNATURE),
    chunk('IHDR', new Uint8Array(header.buffer)),
    ...Object.entries(texts).map(([keyword, text]) => textChunk(keyword, text)),
    chunk('IDAT', await deflated(filteredRows(picture))),
    chunk('IEND', new Uint8Array()),
  ];
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/**
 * Returns the texts of a PNG file by their keywords; none if it is another kind of file.
 *
 * Only uncompressed texts are read, which are those that kerasgan writes.
 *
 * @param {Uint8Array} bytes
 * @returns {Object<string, string>}
 */
export function readTexts(bytes) {
  const texts = {};
  if (SIGNATURE.some((byte, index) => bytes[index] !== byte)) return texts;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let place = SIGNATURE.length; place + 12 <= bytes.length; ) {
    const length = view.getUint32(place);
    const kind = latin1(bytes.subarray(place + 4, place + 8));
    const body = bytes.subarray(place + 8, place + 8 + length);
    const end = body.indexOf(0);
    if (kind === 'tEXt') {
      texts[latin1(body.subarray(0, end))] = latin1(body.subarray(end + 1));
    } else if (kind === 'iTXt' && body[end + 1] === 0) {
      const language = body.indexOf(0, end + 3);
      const translated = body.indexOf(0, language + 1);
      texts[latin1(body.subarray(0, end))] = utf8(body.subarray(translated + 1));
    }
    place += 12 + length;
  }
  return texts;
}

function filteredRows({width, height, channels, pixels}) {
  const stride = width * channels + 1;
  const rows = new Uint8Array(height * stride);
  for (let y = 0; y < height; y++) {
    rows[y * stride] = UP;
    for (let x = 0; x < width; x++) {
      for (let channel = 0; channel < channels; channel++) {
        const here = 4 * (y * width + x) + channel;
        const above = y > 0 ? pixels[here - 4 * width] : 0;
        rows[y * stride + 1 + x * channels + channel] = pixels[here] - above;
      }
    }
  }
  return rows;
}

async function deflated(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function textChunk(keyword, text) {
  if (/^[\x20-\xff]*$/.test(text)) {
    const characters = Array.from(`${keyword}\0${text}`, (character) => character.charCodeAt(0));
    return chunk('tEXt', Uint8Array.from(characters));
  }
  // International text: neither compressed nor in a named language.
  return chunk('iTXt', new TextEncoder().encode(`${keyword}\0\0\0\0\0${text}`));
}

function chunk(kind, body) {
  const bytes = new Uint8Array(12 + body.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, body.length);
  bytes.set(new TextEncoder().encode(kind), 4);
  bytes.set(body, 8);
  view.setUint32(8 + body.length, crc32(bytes.subarray(4, 8 + body.length)));
  return bytes;
}

const latin1 = (bytes) => Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
const utf8 = (bytes) => new TextDecoder().decode(bytes);
