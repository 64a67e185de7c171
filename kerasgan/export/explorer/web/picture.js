/** What a picture on the page is drawn from. */

import {packed, unpacked} from './latents.js';
import {seededClass, seededLatent} from './philox.js';

// It becomes a part of commands, and links may come from anyone.
const EXPRESSION = /^s?lerp\(A, B, [\d.e-]+\) with A=-?\d+:\d+, B=-?\d+:\d+$/;

// Parts that people write may be rounded, as in `kerasgan.drawing.picture_classes`.
const ROUNDING = 0.01;

/**
 * The part of the plane that a CPPN's picture shows; see `kerasgan.drawing.View`.
 *
 * @typedef {{zoom: number, centre: [number, number]}} View
 */

/** The name of a class, or the parts of several classes by their names. @typedef {string|Object<string, number>} Label */

/**
 * @typedef {Object} Picture
 * @property {Float32Array} latent
 * @property {?{seed: number, number: number}} origin The seed that gives the latent, and which of
 *     the seed's latents it is; `null` for a latent that was changed, encoded or interpolated.
 * @property {Object<string, Label>} labels The class of each label set, or the parts of several.
 * @property {View} view
 * @property {string} [expression] The expression that a latent was computed from.
 */

/** The view of the picture that a generator draws itself. @type {View} */
export const OWN_VIEW = Object.freeze({zoom: 1, centre: Object.freeze([0, 0])});

/**
 * Returns one of the pictures of a seed.
 *
 * @param {Object} model The model's configuration.
 * @param {number} seed
 * @param {number} number Which of them, counted from 0.
 * @param {Object<string, string>} chosen The classes that are chosen; others are the seed's.
 * @returns {Picture}
 */
export function seededPicture(model, seed, number, chosen = {}) {
  const labels = Object.fromEntries(
    Object.entries(model.classes).map(([set, names]) => [
      set,
      chosen[set] ?? names[seededClass(seed, number, set, names.length)],
    ]),
  );
  const latent = seededLatent(seed, number, model.latent_dim);
  return {latent, origin: {seed, number}, labels, view: OWN_VIEW};
}

/**
 * Returns the part of each class in a picture, by the name of its label set.
 *
 * @returns {?Object<string, Float32Array>} `null` if the picture lacks a class or has an unknown one.
 */
export function classParts(model, picture) {
  const sets = Object.entries(model.classes).map(([set, names]) => {
    const label = picture.labels[set];
    const given = typeof label === 'string' ? {[label]: 1} : (label ?? {});
    const parts = Object.entries(given);
    const known =
      parts.every(([name, part]) => names.includes(name) && isPart(part)) &&
      Math.abs(parts.reduce((sum, [, part]) => sum + part, 0) - 1) <= ROUNDING;
    return [set, known ? Float32Array.from(names, (name) => given[name] ?? 0) : null];
  });
  return sets.some(([, parts]) => parts === null) ? null : Object.fromEntries(sets);
}

function isPart(part) {
  return typeof part === 'number' && part >= 0 && part <= 1;
}

/** Returns the classes between those of two pictures, at the part t of the way. */
export function mixedLabels(start, end, t) {
  return Object.fromEntries(
    Object.keys(start.labels).map((set) => {
      const [from, to] = [start.labels[set], end.labels[set]];
      if (from === to || t === 0) return [set, from];
      if (t === 1) return [set, to];
      const parts = {};
      for (const [label, part] of [[from, 1 - t], [to, t]]) {
        for (const [name, value] of Object.entries(typeof label === 'string' ? {[label]: 1} : label)) {
          parts[name] = (parts[name] ?? 0) + part * value;
        }
      }
      return [set, parts];
    }),
  );
}

/** Tells whether two pictures are drawn from the same latent and classes. */
export function samePicture(a, b) {
  return pictureKey(a) === pictureKey(b);
}

/** Returns a text that is the same for pictures of the same latent and classes. */
export function pictureKey(picture) {
  return `${packed(picture.latent)} ${JSON.stringify(picture.labels)}`;
}

/** Returns a picture as an object that JSON can hold. */
export function toStored(picture) {
  return {...picture, latent: packed(picture.latent)};
}

/**
 * Returns the picture of an object that `toStored` returned.
 *
 * @param {Object} model The model's configuration.
 * @param {any} stored
 * @returns {?Picture} `null` if it does not fit the model.
 */
export function fromStored(model, stored) {
  const latent = unpacked(String(stored?.latent));
  if (latent?.length !== model.latent_dim) return null;
  const picture = {
    latent,
    origin: stored.origin ?? null,
    labels: stored.labels ?? {},
    view: checkedView(stored.view),
  };
  const expression = checkedExpression(stored.expression);
  if (expression) picture.expression = expression;
  return classParts(model, picture) ? picture : null;
}

/** Tells whether a number counts a seed's pictures; more than this is no work of kerasgan's. */
export function isNumber(number) {
  return Number.isInteger(number) && number >= 0 && number <= 1e6;
}

/** Returns a view whose numbers are in the range of `kerasgan.drawing.View`. @returns {View} */
export function checkedView(view) {
  const zoom = Number(view?.zoom);
  const centre = [0, 1].map((axis) => Number(view?.centre?.[axis]));
  if (!(zoom >= 1e-9 && zoom <= 1e9) || !centre.every((value) => Math.abs(value) <= 1e9)) {
    return OWN_VIEW;
  }
  return {zoom, centre};
}

/** Returns an expression as the page writes them, or `null` for any other text or value. */
export function checkedExpression(text) {
  return typeof text === 'string' && EXPRESSION.test(text) ? text : null;
}

/** Returns a few words that name a picture. */
export function pictureName(picture) {
  if (picture.origin) return `seed ${picture.origin.seed}, picture ${picture.origin.number}`;
  return picture.expression ? 'between two favourites' : 'a latent of your own';
}
