/** The thread that draws: it answers one message after the other. */

import {loadLiteRt} from '@litertjs/core';

import {inflated} from './assets.js';
import {Model} from './drawing.js';
import {encodePng} from './png.js';

/** The opened models by name. */
const models = new Map();
/** LiteRT, once it is loaded. @type {?Promise<void>} */
let engine = null;
let download = new AbortController();
// One after the other: LiteRT must not be called again while it waits.
let last = Promise.resolve();

/** Loads LiteRT, whose own loader the build script puts before this file. */
async function loadEngine(wasm) {
  self.Module = {
    wasmBinary: await inflated(wasm),
    locateFile: (name) => name,
    print: () => {},
    // It reports what is well here too.
    printErr: (text) => /^(INFO|WARNING|W0|I0)/.test(text) || console.warn(text),
  };
  // LiteRT would look for a GPU that it is not to use; now it warns of none.
  Object.defineProperty(navigator, 'gpu', {value: undefined, configurable: true});
  const {warn} = console;
  console.warn = () => {};
  const nothing = URL.createObjectURL(new Blob([''], {type: 'text/javascript'}));
  try {
    await loadLiteRt(`${nothing}#.js`);
  } finally {
    console.warn = warn;
    URL.revokeObjectURL(nothing);
  }
}

const actions = {
  /** Opens a model. The files of another that is not read in full yet are no longer wanted. */
  async open({config, sources, wasm, graphics}) {
    download.abort();
    download = new AbortController();
    const {signal} = download;
    if (!models.has(config.name)) {
      engine ??= loadEngine(wasm).catch((error) => {
        engine = null;
        throw error;
      });
      const [files] = await Promise.all([filesOf(sources, signal), engine]);
      signal.throwIfAborted();
      await inTurn(async () => models.set(config.name, await Model.open(config, files, graphics)));
    }
  },

  draw: ({model, latent, parts}) => models.get(model).draw(latent, parts),

  drawPart: ({model, latent, size, view, part, exact}) =>
    models.get(model).drawPart(latent, size, view, part, exact),

  encode: ({model, image}) => models.get(model).encodeImage(image),

  png: ({image, texts}) => encodePng(image, texts),
};

self.onmessage = ({data}) => {
  // Files are read while others wait for their turn.
  if (data.action === 'open') answer(data);
  else inTurn(() => answer(data));
};

function inTurn(work) {
  const done = last.then(work);
  last = done.catch(() => {});
  return done;
}

async function filesOf(sources, signal) {
  const read = async ([role, source]) => [role, await inflated(source, signal)];
  return Object.fromEntries(await Promise.all(Object.entries(sources).map(read)));
}

async function answer({id, action, ...values}) {
  try {
    const value = await actions[action](values);
    const {model} = values;
    // A GPU can be lost in the meantime.
    const engine = models.get(model)?.engine;
    self.postMessage({id, value, model, engine}, {transfer: value?.pixels ? [value.pixels.buffer] : []});
  } catch (error) {
    self.postMessage({id, error: String(error?.message ?? error)});
  }
}
