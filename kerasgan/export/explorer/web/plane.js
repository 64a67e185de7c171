/** Which points of the plane the pixels of a CPPN's picture are. */

/**
 * Returns the coordinates of the pixels of a picture, computed in float32 as
 * `kerasgan.layers.CoordinateDense` does.
 *
 * @param {{width: number, height: number}} size The size of the whole picture.
 * @param {import('./picture.js').View} view
 * @param {number} scale The layer's `coordinate_scale`.
 * @returns {{x: Float32Array, y: Float32Array}} Of each column and of each row.
 */
export function coordinates({width, height}, view, scale) {
  const intervals = Math.max(Math.min(width, height) - 1, 1);
  const zoom = Math.fround(view.zoom);
  const axis = (count, middle) =>
    Float32Array.from({length: count}, (_, index) => {
      const step = Math.fround(Math.fround((2 * index - (count - 1)) / intervals) / zoom);
      return scale * Math.fround(Math.fround(middle) + step);
    });
  return {x: axis(width, view.centre[0]), y: axis(height, view.centre[1])};
}

/** Returns the side of a pixel, in units of a view's centre. */
export function pixelSide({width, height}, zoom) {
  return 2 / Math.max(Math.min(width, height) - 1, 1) / zoom;
}

/** Returns the point of the plane at a place in a picture, in pixels from its upper left. */
export function pointAt(size, view, x, y) {
  const side = pixelSide(size, view.zoom);
  return [
    view.centre[0] + (x - size.width / 2) * side,
    view.centre[1] + (y - size.height / 2) * side,
  ];
}

/**
 * Returns a view whose zoom is `factor` times that of another, in which the point at a place of the
 * picture stays where it is.
 */
export function zoomedAt(size, view, factor, x, y) {
  const zoom = Math.min(Math.max(view.zoom * factor, 1e-9), 1e9);
  const [pointX, pointY] = pointAt(size, view, x, y);
  const side = pixelSide(size, zoom);
  return {zoom, centre: [pointX - (x - size.width / 2) * side, pointY - (y - size.height / 2) * side]};
}

/**
 * Returns a view's zoom and centre as they are shown, copied and shared: with as many digits as it
 * takes to see the same, to about a thousandth of what is visible.
 *
 * @param {import('./picture.js').View} view
 * @returns {[string, string, string]}
 */
export function viewNumbers({zoom, centre}) {
  const decimals = Math.min(Math.max(Math.ceil(Math.log10(zoom)) + 3, 2), 12);
  const place = (value) => decimal(Number(value.toFixed(decimals)));
  return [decimal(Number(zoom.toPrecision(4))), ...centre.map(place)];
}

/** Returns the view that `viewNumbers` describes. */
export function roundedView(view) {
  const [zoom, ...centre] = viewNumbers(view).map(Number);
  return {zoom, centre};
}

/** Returns a number without an exponent, and 0 without a sign. */
function decimal(value) {
  const text = String(value || 0);
  return text.includes('e') ? value.toFixed(12).replace(/\.?0+$/, '') : text;
}
