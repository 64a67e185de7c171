/** Puts the page together: the views, the models, and the address that says what is shown. */

import {Encoder} from './encoder.js';
import {Favourites, FavouritesView} from './favourites.js';
import {fromFragment, toFragment} from './fragment.js';
import {Gallery} from './gallery.js';
import {Morph} from './morph.js';
import {Painter} from './painter.js';
import {pictureInFile} from './provenance.js';
import {newSeed} from './philox.js';
import {Studio} from './studio.js';
import {element, showTrouble, toast} from './elements.js';
import {whyUnfit} from './requirements.js';

const CONFIG = JSON.parse(element('config').textContent);
const GALLERY_COUNT = 32;
const REST_MILLISECONDS = 250;

class Page {
  config = CONFIG;
  /** The configuration of the model that is shown. */
  model = CONFIG.models[0];
  painter = new Painter();
  view = 'pictures';

  constructor() {
    this.favourites = new Favourites(this);
    this.gallery = new Gallery(this);
    this.studio = new Studio(this);
    this.morph = new Morph(this);
    this.favouritesView = new FavouritesView(this);
    this.encoder = new Encoder(this);
  }

  async start() {
    const unfit = whyUnfit();
    if (unfit) return showTrouble(unfit);
    this.#listen();
    try {
      await this.painter.start();
      await this.go(location.hash);
    } catch (error) {
      showTrouble(error.message);
    }
  }

  /** Shows what a fragment says. @param {string} fragment */
  go(fragment) {
    const [{name}] = CONFIG.models;
    const defaults = {model: name, seed: newSeed(), count: GALLERY_COUNT, chosen: {}, open: null};
    return this.show(fromFragment(fragment, CONFIG.models, defaults));
  }

  /** Shows a state of the page. @param {import('./fragment.js').PageState} state */
  async show(state) {
    const model = CONFIG.models.find(({name}) => name === state.model);
    if (model !== this.model || !this.opened) await this.#open(model);
    if (model !== this.model) return; // Another was chosen while this one was opened.
    this.gallery.show(state.seed, state.count, state.chosen);
    if (state.open) this.studio.open(state.open);
    else this.studio.close();
  }

  showView(view) {
    this.view = view;
    document.querySelectorAll('[data-view]').forEach((part) => {
      const here = part.dataset.view === view;
      if (part.tagName === 'SECTION') part.hidden = !here;
      else if (here) part.setAttribute('aria-current', 'page');
      else part.removeAttribute('aria-current');
    });
    this.morph.pause();
    if (view === 'favourites' && this.opened) this.favouritesView.show();
  }

  /** What is shown. @returns {import('./fragment.js').PageState} */
  get state() {
    const {seed, count, chosen} = this.gallery;
    return {model: this.model.name, seed, count, chosen, open: this.studio.picture};
  }

  /** Writes what is shown into the address, without a step in the history, once it is at rest. */
  saveState() {
    clearTimeout(this.saving);
    this.saving = setTimeout(() => {
      try {
        history.replaceState(null, '', `#${toFragment(this.state)}`);
      } catch {
        // A frame of a notebook has no address of its own.
      }
    }, REST_MILLISECONDS);
  }

  /** Copies a text and says so; where the browser forbids it, it shows the text to be copied. */
  async copy(text, what) {
    try {
      await navigator.clipboard.writeText(text);
      toast(`${what} copied.`, text);
    } catch {
      toast(`${what}, to be copied by hand:`, text, true);
    }
  }

  /**
   * Takes a picture file: one that a model of this page drew is opened, as its texts say what it
   * was drawn from; another one is encoded.
   */
  async takeFile(file) {
    if (!file) return;
    const found = pictureInFile(CONFIG.models, new Uint8Array(await file.arrayBuffer()));
    if (found) {
      return this.show({...this.state, model: found.model.name, open: found.picture});
    }
    if (!this.model.files.encode) {
      return toast(`No model of this page drew ${file.name}, and ${this.model.name} has no encoder.`);
    }
    let image;
    try {
      image = await createImageBitmap(file);
    } catch {
      return toast(`${file.name} is not a picture that this browser can read.`);
    }
    this.showView('encode');
    await this.encoder.take(image);
  }

  /** Copies the address that shows what is on the page now. */
  share(open) {
    const address = location.href.split('#')[0];
    this.copy(`${address}#${toFragment({...this.state, open})}`, 'Link');
  }

  async #open(model) {
    this.opened = false;
    // What is still shown is of the model before.
    this.studio.close();
    this.gallery.clear();
    this.showView(this.view === 'encode' && !model.files.encode ? 'pictures' : this.view);
    element('model').value = model.name;
    document.title = `${model.name} · kerasgan explore`;
    const [height, width] = model.image_shape;
    const size = model.files.tile ? 'any size' : `${width} × ${height} pixels`;
    element('facts').textContent = `${model.objective} · ${size}`;
    element('about').textContent = model.description;
    element('tabs').querySelector('[data-view="encode"]').hidden = !model.files.encode;
    this.painter.forget('');
    this.model = model;
    const graphics = new URLSearchParams(location.search).get('graphics') ?? 'auto';
    const engine = await this.painter.open(model, graphics);
    if (model !== this.model) return;
    this.engine = engine;
    this.opened = true;
    this.favourites.load();
    this.gallery.setClasses();
    this.studio.setModel();
    this.encoder.setModel();
    this.showView(this.view);
  }

  #listen() {
    const choice = element('model');
    choice.replaceChildren(...CONFIG.models.map(({name}) => new Option(name)));
    choice.addEventListener('change', () => {
      this.#safely(this.show({...this.state, model: choice.value, chosen: {}, open: null}));
    });
    element('tabs').addEventListener('click', ({target}) => {
      const view = target.closest('button')?.dataset.view;
      if (view) this.showView(view);
    });
    addEventListener('dragover', (event) => {
      event.preventDefault();
      element('pad').classList.add('dropping');
    });
    for (const kind of ['dragleave', 'drop']) {
      addEventListener(kind, () => element('pad').classList.remove('dropping'));
    }
    addEventListener('drop', (event) => {
      event.preventDefault();
      this.#safely(this.takeFile(event.dataTransfer.files[0]));
    });
    addEventListener('paste', ({clipboardData}) => this.#safely(this.takeFile(clipboardData.files[0])));
    addEventListener('hashchange', () => this.#safely(this.go(location.hash)));
    addEventListener('unhandledrejection', (event) => {
      showTrouble(event.reason?.message ?? String(event.reason));
    });
  }

  #safely(promise) {
    promise.catch((error) => showTrouble(error.message));
  }
}

const page = new Page();
// For the curious, and for the tests.
window.explorer = page;
page.started = page.start();
