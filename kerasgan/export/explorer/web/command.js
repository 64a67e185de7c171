/** The command lines that draw what is on the page. */

import {viewNumbers} from './plane.js';

/**
 * Returns the command that draws the gallery's pictures.
 *
 * @param {Object} model The model's configuration.
 * @param {number} seed
 * @param {number} count
 * @param {Object<string, string>} chosen The classes that are chosen.
 */
export function galleryCommand(model, seed, count, chosen) {
  const words = ['kerasgan', 'sample', model.name, '--count', `${count}`, '--seed', `${seed}`];
  return line([...words, ...labelOptions(model, [chosen])]);
}

/**
 * Returns the command that draws a picture.
 *
 * @param {Object} model The model's configuration.
 * @param {import('./picture.js').Picture} picture
 * @param {string} file The name that the picture is saved by, for latents that no seed gives.
 * @param {?{width: number, height: number}} size The size of a CPPN's picture.
 */
export function pictureCommand(model, picture, file, size) {
  const {origin, expression} = picture;
  const latent = origin ? `${origin.seed}:${origin.number}` : file;
  if (size) {
    const [zoom, ...centre] = viewNumbers(picture.view);
    const words = ['kerasgan', 'render', model.name, '--latent', latent];
    words.push('--size', `${size.width}x${size.height}`);
    if (zoom !== '1') words.push('--zoom', zoom);
    // With an equals sign, a minus in front is not taken for an option.
    if (centre.some((value) => value !== '0')) words.push(`--centre=${centre.join(',')}`);
    return line(words);
  }
  const labels = labelOptions(model, [picture.labels]);
  if (isMixed(picture)) return line(['kerasgan', 'sample', model.name, '--again', file]);
  if (origin) return line(['kerasgan', 'blend', model.name, 'A', `A=${latent}`, ...labels]);
  if (expression) {
    const [formula, operands] = expression.split(' with ');
    return line(['kerasgan', 'blend', model.name, formula, ...operands.split(', '), ...labels]);
  }
  return line(['kerasgan', 'sample', model.name, '--again', file]);
}

/** Tells whether `pictureCommand` names a file that has to be saved first. */
export function needsFile(picture, size) {
  return isMixed(picture) || (!picture.origin && (size !== null || !picture.expression));
}

/** Tells whether a picture is of several classes at once, which no option says. */
function isMixed({labels}) {
  return Object.values(labels).some((label) => typeof label !== 'string');
}

/**
 * Returns the command that animates the way between two pictures.
 *
 * @param {Object} model The model's configuration.
 * @param {[import('./picture.js').Picture, import('./picture.js').Picture]} ends
 * @param {string} interpolation `lerp` or `slerp`.
 * @param {[string, string]} files The names that the pictures are saved by.
 * @param {?{width: number, height: number}} size The size of a CPPN's frames.
 */
export function morphCommand(model, ends, interpolation, files, size) {
  const words = ['kerasgan', 'morph', model.name];
  // No option says several classes at once, but the saved pictures do.
  const mixed = ends.some(isMixed);
  if (!mixed && ends.every((end) => end.origin)) {
    words.push('--seeds', ends.map(({origin}) => `${origin.seed}:${origin.number}`).join(','));
  } else {
    files.forEach((file) => words.push('--through', file));
  }
  words.push('--interpolation', interpolation);
  if (size) words.push('--size', `${size.width}x${size.height}`);
  if (mixed) return line(words);
  const [start, end] = ends.map(({labels}) => labels);
  const same = JSON.stringify(start) === JSON.stringify(end);
  return line([...words, ...labelOptions(model, same ? [start] : [start, end])]);
}

/** Returns `--label` for each class of each of several pictures. */
function labelOptions(model, pictures) {
  const sets = Object.keys(model.classes);
  return sets.flatMap((set) =>
    pictures
      .map((labels) => labels[set])
      .filter((label) => label !== undefined)
      .flatMap((label) => ['--label', sets.length > 1 ? `${set}=${label}` : label]),
  );
}

/** Joins words to a line that a shell takes apart into the same words. */
function line(words) {
  return words
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`))
    .join(' ');
}
