/**
 * The texts of a saved picture, by which `kerasgan sample --again` draws it once more.
 *
 * They are those of `kerasgan.drawing.provenance`.
 */

import {packed, unpacked} from './latents.js';
import {checkedExpression, checkedView, classParts, isNumber, seededPicture} from './picture.js';
import {readTexts} from './png.js';

// Saved pictures are drawn by LiteRT, also where a GPU draws what is on the screen.
const ENGINE = 'litert';

/**
 * @param {Object} model The model's configuration.
 * @param {string} version kerasgan's.
 * @param {import('./picture.js').Picture} picture
 * @param {?{width: number, height: number}} size The size of a CPPN's picture; `null` for the size
 *     that a generator draws itself.
 * @returns {Object<string, string>} The texts by their keywords.
 */
export function provenanceTexts(model, version, picture, size) {
  const {origin, labels, view} = picture;
  const settings = {model: model.name, weights: model.weights, engine: ENGINE};
  if (origin) Object.assign(settings, {seed: origin.seed, numbers: [origin.number]});
  else settings.latents = packed(picture.latent);
  if (picture.expression) settings.expression = picture.expression;
  if (Object.keys(labels).length) {
    settings.labels = Object.fromEntries(
      Object.entries(labels).map(([set, label]) => [set, [label]]),
    );
  }
  if (size) {
    Object.assign(settings, {size: [size.height, size.width], zoom: view.zoom});
    settings.centre = [...view.centre];
  }
  Object.assign(settings, {show: 0, columns: 1});
  const texts = {
    Software: `kerasgan ${version}`,
    Model: model.name,
    Engine: ENGINE,
    Seed: origin ? `${origin.seed}` : '',
    'Latent seed': origin ? `${origin.seed}:${origin.number}` : '',
    Expression: picture.expression ?? '',
    Label: Object.entries(labels)
      .map(([set, label]) => `${set}: ${labelText(label)}`)
      .join('; '),
    View: size ? viewText(size, view) : '',
    Settings: JSON.stringify(settings),
  };
  return Object.fromEntries(Object.entries(texts).filter(([, text]) => text));
}

/**
 * Returns the picture that a PNG file says it shows, and the model that drew it.
 *
 * @param {Object[]} models The configurations of the page's models.
 * @param {Uint8Array} bytes The file.
 * @returns {?{model?: Object, picture?: import('./picture.js').Picture, reason?: string}} Only a
 *     reason where a model of the page drew what the page cannot open, such as a grid of several
 *     pictures; `null` for a picture of another model, and for any other file.
 */
export function pictureInFile(models, bytes) {
  let settings;
  try {
    settings = JSON.parse(readTexts(bytes).Settings);
  } catch {
    return null;
  }
  const model = models.find(({weights}) => weights === settings?.weights);
  if (!model) return null;
  const {latent_dim: length} = model;
  const {seeds, numbers} = settings;
  const latents = unpacked(settings.latents ?? '') ?? [];
  const count = latents.length ? latents.length / length : ((seeds ?? numbers)?.length ?? 1);
  const shown = settings.show ?? (count === 1 ? 0 : -1);
  if (shown < 0 || settings.motion) return {reason: 'shows several pictures'};
  const isChanged = settings.truncation !== undefined || settings.psi !== undefined;
  if (isChanged || settings.invert) {
    return {reason: 'was drawn with options that this page does not have'};
  }
  const labels = {};
  for (const set of Object.keys(model.classes)) labels[set] = settings.labels?.[set]?.[shown];
  const view = checkedView({zoom: settings.zoom ?? 1, centre: settings.centre ?? [0, 0]});
  let picture;
  const [seed, number] = seeds ? [seeds[shown], 0] : [settings.seed, numbers?.[shown]];
  if (Number.isInteger(seed) && !Number.isSafeInteger(seed)) {
    return {reason: 'is of a seed that is too large for a browser'};
  }
  if (Number.isInteger(seed) && isNumber(number)) {
    picture = {...seededPicture(model, seed, number), labels, view};
  } else {
    const latent = latents.slice(shown * length, (shown + 1) * length);
    picture = {latent, origin: null, labels, view};
    const expression = checkedExpression(settings.expression);
    if (expression) picture.expression = expression;
  }
  return picture.latent.length === length && classParts(model, picture) ? {model, picture} : null;
}

/** Returns a number with six significant digits, as people write it. */
function brief(value) {
  return String(Number(value.toPrecision(6)));
}

function viewText({width, height}, {zoom, centre}) {
  return `${width}x${height}, zoom ${brief(zoom)} at ${centre.map(brief).join(',')}`;
}

function labelText(label) {
  if (typeof label === 'string') return label;
  return Object.entries(label)
    .map(([name, part]) => `${Number(part.toPrecision(3))} ${name}`)
    .join(' + ');
}
