/**
 * Where the page's files are: in elements of the page itself, so that it is one file, or beside it.
 *
 * All are compressed by gzip. A source is what `inflated` takes; workers have no document, so the
 * page finds the sources and the worker reads them.
 *
 * @typedef {{text: string}|{url: string}} Source `text` is base64.
 */

const GZIP = [0x1f, 0x8b];

/** Returns the source of a file. @param {string} name @returns {Source} */
export function sourceOf(name) {
  const element = document.getElementById(`file:${name}`);
  return element ? {text: element.textContent} : {url: new URL(name, document.baseURI).href};
}

/**
 * Reads and inflates a file.
 *
 * @param {Source} source
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 * @throws {Error} It cannot be read.
 */
export async function inflated(source) {
  const bytes = source.text === undefined ? await fetched(source.url) : fromBase64(source.text);
  // Some servers inflate files that end in .gz on their way.
  if (GZIP.some((byte, index) => bytes[index] !== byte)) return bytes;
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

async function fetched(url) {
  let response;
  try {
    response = await fetch(url);
  } catch {
    throw new Error(`Cannot read ${url}: the server does not answer.`);
  }
  if (!response.ok) throw new Error(`Cannot read ${url}: the server answers ${response.status}.`);
  return new Uint8Array(await response.arrayBuffer());
}

function fromBase64(text) {
  const characters = atob(text);
  const bytes = new Uint8Array(characters.length);
  for (let index = 0; index < bytes.length; index++) bytes[index] = characters.charCodeAt(index);
  return bytes;
}
