/** Grids of pictures, each of which opens when pressed and has a heart. */

import {create, icon, isForBrowser, showImage} from './elements.js';

// What the processor draws of a CPPN in one go, so that the first pictures appear at once.
const FIRST_SIDE = 64;
// The largest that are drawn for a grid without a GPU, and with one.
const SIDES = {processor: 128, graphics: 384};
// Pictures so far beyond the edges of the screen are soon scrolled to.
const NEARLY = '50%';

/**
 * Returns the size at which a CPPN's pictures are drawn, which can be larger than its generator
 * draws them; `undefined` is a model's own.
 *
 * @param {Object} model The model's configuration.
 * @param {number} side A CPPN's pictures are at least so large.
 */
export function sizeOf(model, side) {
  const [height, width] = model.image_shape;
  if (!model.files.tile) return undefined;
  const factor = Math.max(1, side / Math.max(height, width));
  return {width: Math.round(width * factor), height: Math.round(height * factor)};
}

/**
 * Returns an item of a grid.
 *
 * @param {Object} page
 * @param {import('./picture.js').Picture} picture
 * @param {{label: string, onOpen: function(): void, key: string}} options
 */
export function gridItem(page, picture, {label, onOpen, key}) {
  const canvas = create('canvas', {className: 'empty'});
  const open = create('button', {type: 'button', className: 'picture', onclick: onOpen}, canvas);
  open.setAttribute('aria-label', label);
  const heart = create('button', {type: 'button', className: 'corner'}, icon('heart'));
  heart.setAttribute('aria-label', `Favourite: ${label}`);
  const update = () => heart.setAttribute('aria-pressed', page.favourites.has(picture));
  heart.onclick = () => {
    page.favourites.toggle(picture);
    update();
  };
  update();
  drawThumbnail(page, canvas, picture, key);
  const item = create('li', {}, open, heart);
  item.update = update;
  return item;
}

/** Returns the items of pictures that are not made yet. */
export function placeholders(count) {
  return Array.from({length: count}, () => create('li', {className: 'waiting'}));
}

/** Lets the arrow keys move among the pictures of a grid. */
export function arrowKeys(grid) {
  grid.addEventListener('keydown', (event) => {
    const buttons = [...grid.querySelectorAll('.picture')];
    const here = buttons.indexOf(event.target.closest('.picture'));
    const columns = getComputedStyle(grid).gridTemplateColumns.split(' ').length;
    const step = {ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns}[event.key];
    if (here < 0 || !step || !buttons[here + step] || isForBrowser(event)) return;
    event.preventDefault();
    buttons[here + step].focus();
  });
}

/** Draws a picture, and a CPPN's again at the size at which it is shown once it is seen. */
async function drawThumbnail(page, canvas, picture, key) {
  const {model} = page;
  const draw = async (size, priority) => {
    const image = await page.painter.draw(model, picture, {size, key, priority});
    if (image) showImage(canvas, image);
    return image;
  };
  const first = await draw(sizeOf(model, FIRST_SIDE), 0);
  if (!first || !model.files.tile) return;
  await nearlySeen(canvas);
  const shown = canvas.clientWidth * devicePixelRatio;
  // The processor draws whole tiles.
  const side = page.painter.engineOf(model).graphics
    ? Math.min(shown, SIDES.graphics)
    : Math.min(Math.ceil(shown / model.tile) * model.tile, SIDES.processor);
  const size = sizeOf(model, side);
  if (size.width > first.width) await draw(size, -1);
}

/** Returns when an element is on the screen, or nearly. */
function nearlySeen(element) {
  return new Promise((resolve) => {
    const observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some(({isIntersecting}) => isIntersecting)) return;
        observer.disconnect();
        resolve();
      },
      {rootMargin: NEARLY},
    );
    observer.observe(element);
  });
}
