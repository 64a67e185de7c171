/** Puts the page together: the views, the models, and the address that says what is shown. */

import {Address} from './address.js';
import {isFetched} from './assets.js';
import {Encoder} from './encoder.js';
import {Favourites, FavouritesView} from './favourites.js';
import {fromFragment, tabOf, toFragment, unknownModelText} from './fragment.js';
import {Gallery} from './gallery.js';
import {Morph} from './morph.js';
import {Painter} from './painter.js';
import {pictureInFile} from './provenance.js';
import {newSeed} from './philox.js';
import {Studio} from './studio.js';
import {element, toast} from './elements.js';
import {hideTrouble, showLoading, showNotice, showTrouble, sizeText} from './status.js';
import {whyUnfit} from './requirements.js';

const CONFIG = JSON.parse(element('config').textContent);
const GALLERY_COUNT = 32;

class Page {
  config = CONFIG;
  /** The configuration of the model that is shown, or loaded to be shown. */
  model = CONFIG.models[0];
  painter = new Painter();
  view = 'pictures';
  /** Whether the model can draw. */
  opened = false;
  /** The picture that is looked at once the model is opened. */
  #opening = null;
  /** Counts what was shown: what belongs to something before is dropped. */
  #generation = 0;
  #engineIsLoaded = false;

  constructor() {
    this.favourites = new Favourites(this);
    this.gallery = new Gallery(this);
    this.studio = new Studio(this);
    this.morph = new Morph(this);
    this.favouritesView = new FavouritesView(this);
    this.encoder = new Encoder(this);
    this.address = new Address(this);
  }

  async start() {
    const unfit = whyUnfit();
    if (unfit) return showTrouble(unfit);
    this.#listen();
    await this.go(location.hash);
  }

  /** Shows what a fragment says. @param {string} fragment */
  go(fragment) {
    const [{name}] = CONFIG.models;
    const defaults = {model: name, seed: newSeed(), count: GALLERY_COUNT, chosen: {}};
    const state = fromFragment(fragment, CONFIG.models, defaults);
    const shown = this.show(state);
    showNotice(unknownModelText(fragment, CONFIG.models, state.model));
    return shown;
  }

  /**
   * Shows a state of the page. All but the pictures is shown at once; they are drawn when the model
   * is loaded.
   *
   * @param {import('./fragment.js').PageState} state
   */
  async show(state) {
    const generation = ++this.#generation;
    hideTrouble();
    showNotice('');
    // At once: one that is opened meanwhile stays.
    if (!state.open) this.studio.close();
    const model = CONFIG.models.find(({name}) => name === state.model);
    const isOther = model !== this.model || !this.opened;
    const loaded = isOther ? this.#load(model) : null;
    const isShown = !isOther && this.gallery.shows(state);
    const listed = isShown ? null : this.gallery.show(state.seed, state.count, state.chosen);
    this.#opening = state.open;
    this.showView(tabOf(state.tab, model));
    try {
      await loaded;
      if (generation !== this.#generation) return;
      if (isOther) this.#ready();
      await listed;
    } catch (error) {
      if (generation === this.#generation) this.fail(`${model.name} cannot be loaded: ${error.message}`);
      return;
    }
    if (generation !== this.#generation) return;
    this.#opening = null;
    if (state.open) this.studio.show(state.open);
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
    if (view === 'favourites') this.favouritesView.show();
    this.address.save();
  }

  /** What is shown, also while its model is loaded. @returns {import('./fragment.js').PageState} */
  get state() {
    const {seed, count, chosen} = this.gallery;
    const open = this.studio.picture ?? this.#opening;
    return {model: this.model.name, seed, count, chosen, tab: this.view, open};
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
    if (found?.picture) return this.#showFound(found);
    const why = found?.reason ?? 'was drawn by no model of this page';
    if (!this.model.files.encode) {
      return toast(`${file.name} ${why}, and ${this.model.name} has no encoder.`);
    }
    let image;
    try {
      image = await createImageBitmap(file);
    } catch {
      return toast(`${file.name} is not a picture that this browser can read.`);
    }
    if (this.studio.picture) this.studio.leave();
    this.#turnTo('encode');
    if (found) toast(`${file.name} ${why}, so it is encoded.`);
    await this.encoder.take(image);
  }

  /** Copies the address that shows what is on the page now. */
  share(open) {
    const address = location.href.split('#')[0];
    this.copy(`${address}#${toFragment({...this.state, open})}`, 'Link');
  }

  /** Says what failed; Retry loads the model again. */
  fail(reason) {
    showTrouble(reason, () => {
      // Also where the model was opened, but the worker has ended since or cannot go on.
      this.opened = false;
      this.painter.restart();
      this.show(this.state);
    });
  }

  /** Shows what is known of a model, and loads it. */
  #load(model) {
    this.opened = false;
    this.model = model;
    // What is still shown is of the model before.
    this.studio.close();
    element('model').value = model.name;
    document.title = `${model.name} · kerasgan explore`;
    const [height, width] = model.image_shape;
    const size = model.files.tile ? 'any size' : `${width} × ${height} pixels`;
    element('facts').textContent = `${model.objective} · ${size}`;
    element('about').textContent = model.description;
    element('controls').style.setProperty('--shape', `${width} / ${height}`);
    element('tabs').querySelector('[data-view="encode"]').hidden = !model.files.encode;
    const bytes = model.bytes + (this.#engineIsLoaded ? 0 : CONFIG.engine_bytes);
    showLoading(`Loading ${model.name}${isFetched() ? `, ${sizeText(bytes)}` : ''} …`);
    const graphics = new URLSearchParams(location.search).get('graphics') ?? 'auto';
    const loaded = this.painter.open(model, graphics);
    this.favourites.load();
    this.favouritesView.clear();
    this.gallery.setClasses();
    this.encoder.setModel();
    return loaded;
  }

  #ready() {
    this.opened = true;
    this.#engineIsLoaded = true;
    showLoading(null);
  }

  /** Opens the picture of a file; one of another model is no cover of what is shown. */
  #showFound({model, picture}) {
    const isSame = model === this.model;
    const chosen = isSame ? this.gallery.chosen : {};
    const show = () => this.show({...this.state, model: model.name, chosen, open: picture});
    return isSame && this.studio.picture ? show() : this.address.step(show, {covers: isSame});
  }

  #turnTo(view) {
    if (view !== this.view) this.address.step(() => this.showView(view));
  }

  #listen() {
    const choice = element('model');
    choice.replaceChildren(...CONFIG.models.map(({name}) => new Option(name)));
    choice.addEventListener('change', () => {
      const {state} = this;
      this.address.step(() => this.show({...state, model: choice.value, chosen: {}, open: null}));
    });
    element('tabs').addEventListener('click', ({target}) => {
      const view = target.closest('button')?.dataset.view;
      if (view) this.#turnTo(view);
    });
    // The frame of a notebook has no address that opens it again.
    for (const id of ['gallery-link', 'share']) element(id).hidden = location.protocol === 'about:';
    addEventListener('dragover', (event) => {
      event.preventDefault();
      element('pad').classList.add('dropping');
    });
    for (const kind of ['dragleave', 'drop']) {
      addEventListener(kind, () => element('pad').classList.remove('dropping'));
    }
    addEventListener('drop', (event) => {
      event.preventDefault();
      this.takeFile(event.dataTransfer.files[0]);
    });
    addEventListener('paste', ({clipboardData}) => this.takeFile(clipboardData.files[0]));
    addEventListener('unhandledrejection', ({reason}) => this.fail(reason?.message ?? String(reason)));
    addEventListener('error', ({error}) => error && this.fail(error.message));
  }
}

const page = new Page();
// For the curious, and for the tests.
window.explorer = page;
page.started = page.start();
