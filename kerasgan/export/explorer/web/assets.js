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

/** Tells whether the page's files are beside it, so that they have to be fetched. */
export function isFetched() {
  return document.querySelector('[id^="file:"]') === null;
}

/**
 * Reads and inflates a file.
 *
 * @param {Source} source
 * @param {AbortSignal} [signal] Stops it.
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 * @throws {Error} It cannot be read.
 */
export async function inflated(source, signal) {
  const bytes =
    source.text === undefined ? await fetched(source.url, signal) : fromBase64(source.text);
  // Some servers inflate files that end in .gz on their way.
  if (GZIP.some((byte, index) => bytes[index] !== byte)) return bytes;
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  try {
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch {
    const name = source.url ? new URL(source.url).pathname : 'in the page';
    throw new Error(`a file is damaged (${name}).`);
  }
}

async function fetched(url, signal) {
  const {pathname} = new URL(url);
  let response, bytes;
  try {
    // A site that was written again has other files by the same names.
    response = await fetch(url, {signal, cache: 'no-cache'});
    bytes = await response.arrayBuffer();
  } catch {
    throw new Error(`the server does not answer (${pathname}). Check that it runs and that you are online.`);
  }
  if (!response.ok) throw new Error(`the server answers ${response.status} (${pathname}).`);
  return new Uint8Array(bytes);
}

function fromBase64(text) {
  const characters = atob(text);
  const bytes = new Uint8Array(characters.length);
  for (let index = 0; index < bytes.length; index++) bytes[index] = characters.charCodeAt(index);
  return bytes;
}
