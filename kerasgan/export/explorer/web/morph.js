/** The way between two favourites. */

import {morphCommand, needsFile} from './command.js';
import {element, icon, showImage} from './elements.js';
import {sizeOf} from './grid.js';
import {INTERPOLATIONS} from './latents.js';
import {mixedLabels, OWN_VIEW, pictureKey} from './picture.js';
import {fileName} from './saving.js';

const MILLISECONDS = 3000;
// Small enough for some pictures a second without a GPU.
const SIDE = 192;

export class Morph {
  /** @type {import('./picture.js').Picture[]} */
  ends = [];
  playing = false;
  /** Counts how often it was played, as only the last time goes on. */
  #turn = 0;

  constructor(page) {
    this.page = page;
    this.position = element('morph-position');
    this.position.addEventListener('input', () => {
      this.pause();
      this.draw();
    });
    element('morph-way').addEventListener('change', () => this.draw());
    element('morph-play').addEventListener('click', () => (this.playing ? this.pause() : this.play()));
    element('morph-open').addEventListener('click', () => page.studio.open(this.picture));
    element('morph-command').addEventListener('click', () => {
      const files = this.ends.map((end) => fileName(page.model, end));
      const way = element('morph-way').value;
      const line = morphCommand(page.model, this.ends, way, files, sizeOf(page.model, SIDE));
      const needs = this.ends.some((end) => !end.origin || needsFile(end, null));
      page.copy(line, needs ? 'Command (first save both PNGs)' : 'Command');
    });
    this.pause();
  }

  /** Shows the way between two pictures. */
  show(ends) {
    const changed = ends.map(pictureKey).join() !== this.ends.map(pictureKey).join();
    this.ends = ends;
    ['morph-start', 'morph-end'].forEach((id, index) => this.#drawOnto(id, ends[index]));
    if (changed) {
      this.pause();
      this.position.value = 0.5;
    }
    this.draw();
  }

  /** The picture at the position of the slider. @returns {import('./picture.js').Picture} */
  get picture() {
    const [start, end] = this.ends;
    const t = Number(this.position.value);
    if (t === 0) return {...start, view: OWN_VIEW};
    if (t === 1) return {...end, view: OWN_VIEW};
    const way = element('morph-way').value;
    const latent = INTERPOLATIONS[way](start.latent, end.latent, t);
    const picture = {latent, origin: null, labels: mixedLabels(start, end, t), view: OWN_VIEW};
    if (start.origin && end.origin) {
      const operands = [start, end].map(({origin}, index) => {
        return `${'AB'[index]}=${origin.seed}:${origin.number}`;
      });
      picture.expression = `${way}(A, B, ${t}) with ${operands.join(', ')}`;
    }
    return picture;
  }

  draw() {
    return this.#drawOnto('morph-canvas', this.picture);
  }

  /** Moves from one picture to the other and back, as fast as they are drawn. */
  async play() {
    this.playing = true;
    this.#label();
    const turn = ++this.#turn;
    const goesOn = () => this.playing && turn === this.#turn;
    let before = performance.now();
    // From here to the end and back: position p of 0 to 2.
    let place = Number(this.position.value);
    while (goesOn()) {
      await Promise.all([this.draw(), new Promise(requestAnimationFrame)]);
      const now = performance.now();
      place = (place + (now - before) / MILLISECONDS) % 2;
      before = now;
      if (goesOn()) this.position.value = place <= 1 ? place : 2 - place;
    }
  }

  pause() {
    this.playing = false;
    this.#label();
  }

  #label() {
    const [name, text] = this.playing ? ['pause', 'Pause'] : ['play', 'Play'];
    element('morph-play').replaceChildren(icon(name), text);
  }

  async #drawOnto(id, picture) {
    const {page} = this;
    const options = {key: id, priority: 3, size: sizeOf(page.model, SIDE)};
    const image = await page.painter.draw(page.model, picture, options);
    if (image) showImage(element(id), image);
  }
}
