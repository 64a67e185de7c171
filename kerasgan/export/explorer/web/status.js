/** What the page says of itself: that it loads, that something failed, and that a link is old. */

import {element} from './elements.js';

/**
 * Says what is loaded, and switches off the controls until it is.
 *
 * @param {?string} text `null` when it is loaded.
 */
export function showLoading(text) {
  element('loading').textContent = text ?? '';
  element('controls').disabled = text !== null;
  element('controls').setAttribute('aria-busy', text !== null);
}

/**
 * Says what went wrong, at the top of the page, until something else is shown.
 *
 * @param {string} text
 * @param {?function(): void} retry Tries it again; `null` where that cannot help.
 */
export function showTrouble(text, retry = null) {
  element('trouble-text').textContent = text;
  element('retry').hidden = retry === null;
  element('retry').onclick = retry;
  element('trouble').hidden = false;
  placeTrouble();
  element('trouble').scrollIntoView({block: 'nearest'});
  element('loading').textContent = '';
  element('controls').setAttribute('aria-busy', false);
}

/** Puts what went wrong into an open dialog, beneath which nothing can be read or pressed. */
export function placeTrouble() {
  const trouble = element('trouble');
  const parent = document.querySelector('dialog[open] .side') ?? document.querySelector('main');
  if (trouble.parentNode !== parent) parent.prepend(trouble);
}

export function hideTrouble() {
  element('trouble').hidden = true;
}

/** Says something of the address that was opened; an empty text hides it. */
export function showNotice(text) {
  element('notice').textContent = text;
}

/** Returns a number of bytes as people write it. */
export function sizeText(bytes) {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
