/** The thread that draws: it answers one message after the other. */

import {loadLiteRt} from '@litertjs/core';

import {inflated} from './assets.js';
import {Model} from './drawing.js';
import {encodePng} from './png.js';

/** The opened models by name. */
const models = new Map();

const actions = {
  /** Loads LiteRT, whose own loader the build script puts before this file. */
  async start({wasm}) {
    self.Module = {
      wasmBinary: await inflated(wasm),
      locateFile: (name) => name,
      print: () => {},
      // It reports what is well here too.
      printErr: (text) => /^(INFO|WARNING|W0|I0)/.test(text) || console.warn(text),
    };
    // LiteRT would look for a graphics processor that it is not to use; now it warns of none.
    Object.defineProperty(navigator, 'gpu', {value: undefined});
    const {warn} = console;
    console.warn = () => {};
    const nothing = URL.createObjectURL(new Blob([''], {type: 'text/javascript'}));
    try {
      await loadLiteRt(`${nothing}#.js`);
    } finally {
      console.warn = warn;
      URL.revokeObjectURL(nothing);
    }
  },

  async open({config, sources, graphics}) {
    if (!models.has(config.name)) {
      models.set(config.name, await Model.open(config, sources, graphics));
    }
    const {shader, shaderError} = models.get(config.name);
    return {graphics: shader?.renderer ?? null, reason: shaderError ?? null};
  },

  draw: ({model, latent, parts}) => models.get(model).draw(latent, parts),

  drawPart: ({model, latent, size, view, part, exact}) =>
    models.get(model).drawPart(latent, size, view, part, exact),

  encode: ({model, image}) => models.get(model).encodeImage(image),

  png: ({image, texts}) => encodePng(image, texts),
};

// One after the other: LiteRT must not be called again while it waits.
let last = Promise.resolve();
self.onmessage = ({data}) => {
  last = last.then(() => answer(data));
};

async function answer({id, action, ...values}) {
  try {
    const value = await actions[action](values);
    self.postMessage({id, value}, {transfer: value?.pixels ? [value.pixels.buffer] : []});
  } catch (error) {
    self.postMessage({id, error: String(error?.message ?? error)});
  }
}
