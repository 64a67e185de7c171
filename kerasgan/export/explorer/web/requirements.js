// A module with one function that makes a vector of 128 bits.
const SIMD_MODULE = Uint8Array.of(
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15,
  253, 98, 11,
);

/** Returns why this browser cannot show the page, in a sentence; `null` if it can. */
export function whyUnfit() {
  const needs =
    'use a newer browser: Chrome or Edge 110, Firefox 115, Safari 16.4, or later versions of them.';
  if (typeof WebAssembly !== 'object' || !WebAssembly.validate(SIMD_MODULE)) {
    return `This browser has no WebAssembly with SIMD, by which the models draw; ${needs}`;
  }
  if (typeof DecompressionStream !== 'function') {
    return `This browser cannot inflate the page's files; ${needs}`;
  }
  return null;
}
