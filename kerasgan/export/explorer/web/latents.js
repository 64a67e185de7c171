/** Ways between latents, directions in their space, and latents as text. */

// Below this sine of the angle between two latents, a direction of turning is rounding error.
const SMALLEST_SINE = 1e-6;

/** Returns the straight line from one latent to another at the part t, float32. */
export function lerp(start, end, t) {
  return start.map((value, index) => (1 - t) * value + t * end[index]);
}

/**
 * Returns the latent at the part t of the arc from one latent to another, float32.
 *
 * Between latents of the same or of opposite directions, which have no arc of their own, it is
 * `lerp`. Reference: Shoemake, "Animating rotation with quaternion curves", 1985.
 *
 * @param {Float32Array} start
 * @param {Float32Array} end
 * @param {number} t From 0 to 1.
 * @returns {Float32Array}
 */
export function slerp(start, end, t) {
  const lengths = Math.sqrt(dot(start, start) * dot(end, end));
  const cosine = lengths > 0 ? Math.max(-1, Math.min(1, dot(start, end) / lengths)) : 1;
  const angle = Math.acos(cosine);
  if (Math.sin(angle) < SMALLEST_SINE) return lerp(start, end, t);
  const from = Math.sin((1 - t) * angle) / Math.sin(angle);
  const to = Math.sin(t * angle) / Math.sin(angle);
  return start.map((value, index) => from * value + to * end[index]);
}

export const INTERPOLATIONS = {lerp, slerp};

/** Returns the scalar product of two vectors. */
export function dot(a, b) {
  return a.reduce((sum, value, index) => sum + value * b[index], 0);
}

/**
 * Moves a latent along a direction until its coordinate in that direction is `value`.
 *
 * @param {Float32Array} latent
 * @param {Float32Array} direction Of length 1.
 * @param {number} value
 * @returns {Float32Array} A new latent.
 */
export function moveAlong(latent, direction, value) {
  const step = value - dot(latent, direction);
  return latent.map((each, index) => each + step * direction[index]);
}

/** Returns float32 numbers as base64 of their little-endian bytes, as Python's `packed` does. */
export function packed(latent) {
  const bytes = new Uint8Array(4 * latent.length);
  const view = new DataView(bytes.buffer);
  latent.forEach((value, index) => view.setFloat32(4 * index, value, true));
  return btoa(String.fromCharCode(...bytes));
}

/**
 * Returns the numbers of a text that `packed` wrote.
 *
 * @param {string} text
 * @returns {?Float32Array} `null` if the text is damaged or has a number that is not finite.
 */
export function unpacked(text) {
  let bytes;
  try {
    bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
  if (bytes.length % 4) return null;
  const view = new DataView(bytes.buffer);
  const latent = Float32Array.from({length: bytes.length / 4}, (_, index) =>
    view.getFloat32(4 * index, true),
  );
  return latent.every(Number.isFinite) ? latent : null;
}
