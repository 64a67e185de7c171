/** Sliders that move a latent. */

import {create} from './elements.js';

/**
 * Returns a row of a slider.
 *
 * @param {Object} options
 * @param {string} options.name What stands before it.
 * @param {string} options.label What it is, for screen readers.
 * @param {number} options.range It goes from minus this to this.
 * @param {function(number): void} options.onInput Takes its value.
 */
export function slider({name, label, range, onInput}) {
  const input = create('input', {type: 'range', min: -range, max: range, step: 0.01});
  input.setAttribute('aria-label', label);
  const output = create('output');
  input.addEventListener('input', () => {
    output.textContent = Number(input.value).toFixed(2);
    onInput(Number(input.value));
  });
  const row = create('div', {className: 'slider'}, create('span', {}, name), input, output);
  /** Shows a value, also one beyond the slider's range. */
  row.show = (value) => {
    if (document.activeElement !== input || Math.abs(input.value - value) > 0.011) {
      input.value = value;
    }
    output.textContent = value.toFixed(2);
  };
  return row;
}
