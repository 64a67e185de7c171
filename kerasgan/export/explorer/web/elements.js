/** Elements of the page. */

const SVG = 'http://www.w3.org/2000/svg';
const TOAST_MILLISECONDS = 4000;
const MANUAL_MILLISECONDS = 20000;

/** Returns the element with this id. @param {string} id @returns {any} */
export const element = (id) => document.getElementById(id);

/** Returns a new element with these properties and children. */
export function create(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  const {dataset, ...others} = properties;
  Object.assign(made, others);
  Object.assign(made.dataset, dataset);
  made.append(...children);
  return made;
}

/** Returns an icon of the page's own. @param {string} name */
export function icon(name) {
  const image = document.createElementNS(SVG, 'svg');
  image.setAttribute('class', 'icon');
  image.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(SVG, 'use');
  use.setAttribute('href', `#icon-${name}`);
  image.append(use);
  return image;
}

/** Puts an image onto a canvas, which takes its size. */
export function showImage(canvas, {width, height, pixels}) {
  Object.assign(canvas, {width, height});
  canvas.getContext('2d').putImageData(new ImageData(pixels, width, height), 0, 0);
  canvas.classList.remove('empty');
}

/** Fills an element with a chooser of classes for each label set. */
export function classChoosers(parent, classes, {none, onChange}) {
  parent.replaceChildren(
    ...Object.entries(classes).map(([set, names]) => {
      const select = create('select', {dataset: {set}});
      if (none) select.append(new Option(none, ''));
      select.append(...names.map((name) => new Option(name.replaceAll(/[-_]/g, ' '), name)));
      select.addEventListener('change', onChange);
      return create('label', {}, capitalized(set), select);
    }),
  );
}

/** Says something until the next press or key, or for a while. @param {string} text @param {string} [code] @param {boolean} [long] */
export function toast(text, code = '', long = false) {
  const place = element('toast');
  // Beneath an open dialog nothing can be read, but what is put in again may not be read out.
  const parent = document.querySelector('dialog[open]') ?? document.body;
  if (place.parentNode !== parent) parent.append(place);
  place.replaceChildren(text, ...(code ? [create('code', {textContent: code})] : []));
  clearTimeout(toast.timer);
  toast.timer = setTimeout(hideToast, long ? MANUAL_MILLISECONDS : TOAST_MILLISECONDS);
}

export function hideToast() {
  element('toast').replaceChildren();
}

// What it says is of the action before. It can be selected and copied itself.
addEventListener('pointerdown', ({target}) => target.closest?.('#toast') || hideToast(), true);
addEventListener('keydown', ({ctrlKey, metaKey}) => ctrlKey || metaKey || hideToast(), true);

/** Tells whether a key is one for the browser, such as Alt with an arrow, by which it goes back. */
export function isForBrowser({altKey, ctrlKey, metaKey}) {
  return altKey || ctrlKey || metaKey;
}

/** Returns the name of a key, a letter in lower case, because Caps Lock changes no shortcut. */
export function keyOf({key}) {
  return key.length === 1 ? key.toLowerCase() : key;
}

export function capitalized(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
