/** What is on the page, as the fragment of its address, so that a link shows it again. */

import {packed, unpacked} from './latents.js';
import {
  checkedExpression,
  checkedView,
  classParts,
  isNumber,
  OWN_VIEW,
  seededPicture,
} from './picture.js';
import {viewNumbers} from './plane.js';

/**
 * @typedef {Object} PageState
 * @property {string} model The model's name.
 * @property {number} seed
 * @property {number} count The number of pictures in the gallery.
 * @property {Object<string, string>} chosen The classes that are chosen.
 * @property {string} tab `pictures`, `favourites` or `encode`.
 * @property {?import('./picture.js').Picture} open The picture that is looked at.
 */

/** The most pictures of a gallery: a link must not make the page draw for hours. */
export const MOST_PICTURES = 512;
const TABS = ['pictures', 'favourites', 'encode'];
const LONGEST_NAME = 80;
const MOST_NAMES = 12;

/** Returns a fragment, without its `#`. @param {PageState} state */
export function toFragment(state) {
  const fields = new URLSearchParams({model: state.model, seed: `${state.seed}`});
  fields.set('count', `${state.count}`);
  for (const [set, label] of Object.entries(state.chosen)) fields.set(`class.${set}`, label);
  if (state.tab !== TABS[0]) fields.set('tab', state.tab);
  const {open} = state;
  if (open) {
    if (open.origin) fields.set('open', `${open.origin.seed}:${open.origin.number}`);
    else fields.set('latent', packed(open.latent));
    if (open.expression) fields.set('expression', open.expression);
    for (const [set, label] of Object.entries(open.labels)) fields.set(`label.${set}`, labelText(label));
    const view = viewNumbers(open.view).join(',');
    if (view !== '1,0,0') fields.set('view', view);
  }
  return fields.toString();
}

/**
 * Reads a fragment. What is missing, damaged or unknown takes its default.
 *
 * @param {string} fragment With or without its `#`.
 * @param {Object[]} models The configurations of the page's models.
 * @param {PageState} defaults
 * @returns {PageState}
 */
export function fromFragment(fragment, models, defaults) {
  const fields = new URLSearchParams(fragment.replace(/^#/, ''));
  const model =
    modelNamed(fields.get('model'), models) ?? models.find(({name}) => name === defaults.model);
  const chosen = {};
  for (const [set, names] of Object.entries(model.classes)) {
    const label = fields.get(`class.${set}`);
    if (names.includes(label)) chosen[set] = label;
  }
  const count = whole(fields.get('count')) ?? defaults.count;
  return {
    model: model.name,
    seed: whole(fields.get('seed')) ?? defaults.seed,
    count: Math.max(1, Math.min(count, MOST_PICTURES)),
    chosen,
    tab: tabOf(fields.get('tab'), model),
    open: openPicture(fields, model),
  };
}

/** Returns the model of this name, or the only one whose folder is called so: `mine` of `runs/mine`. */
function modelNamed(wanted, models) {
  const last = models.filter(({name}) => name.replace(/[/\\]+$/, '').split(/[/\\]/).pop() === wanted);
  return models.find(({name}) => name === wanted) ?? (last.length === 1 ? last[0] : undefined);
}

/** Returns the tab of this name, or the first one where a model has no such tab. */
export function tabOf(name, model) {
  return TABS.includes(name) && (name !== 'encode' || model.files.encode) ? name : TABS[0];
}

/** Returns what a person must know of a fragment that names a model which the page lacks. */
export function unknownModelText(fragment, models, shown) {
  const name = new URLSearchParams(fragment.replace(/^#/, '')).get('model');
  const names = models.map((model) => model.name);
  if (name === null || modelNamed(name, models)) return '';
  const short = name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}…` : name;
  const listed = names.slice(0, MOST_NAMES).join(', ');
  const others = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : '';
  return (
    `The link names the model “${short}”, which this page does not have. It has ${listed}${others}; ` +
    `${shown} is shown instead.`
  );
}

/** Returns an integer that JavaScript holds exactly, or `null`. */
export function whole(text) {
  if (!/^-?\d{1,16}$/.test(text?.trim() ?? '')) return null;
  return Number.isSafeInteger(Number(text)) ? Number(text) : null;
}

function openPicture(fields, model) {
  const labels = {};
  for (const [set, names] of Object.entries(model.classes)) {
    const label = fields.get(`label.${set}`);
    if (label !== null) labels[set] = names.includes(label) ? label : partsOf(label);
  }
  const [zoom, ...centre] = (fields.get('view') ?? '').split(',');
  const view = zoom ? checkedView({zoom, centre}) : OWN_VIEW;
  let picture = null;
  const [seed, number] = (fields.get('open') ?? '').split(':').map(whole);
  if (Number.isInteger(seed) && isNumber(number)) {
    picture = {...seededPicture(model, seed, number, labels), view};
  } else {
    const latent = unpacked(fields.get('latent') ?? '');
    if (latent?.length !== model.latent_dim) return null;
    picture = {latent, origin: null, labels, view};
    const expression = checkedExpression(fields.get('expression'));
    if (expression) picture.expression = expression;
  }
  return classParts(model, picture) ? picture : null;
}

/** Returns `cubism`, or of parts `cubism*0.25+realism*0.75`. */
function labelText(label) {
  if (typeof label === 'string') return label;
  return Object.entries(label)
    .map(([name, part]) => `${encodeURIComponent(name).replaceAll('*', '%2A')}*${part}`)
    .join('+');
}

function partsOf(text) {
  return Object.fromEntries(
    text.split('+').map((each) => {
      const [name, part] = each.split('*');
      return [decoded(name), Math.min(Math.max(Number(part) || 0, 0), 1)];
    }),
  );
}

function decoded(name) {
  try {
    return decodeURIComponent(name);
  } catch {
    return name; // A class of no model.
  }
}
