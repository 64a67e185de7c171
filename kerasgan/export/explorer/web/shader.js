/**
 * A CPPN as a WebGL2 fragment shader: every pixel runs the whole network.
 *
 * The weights are in one float32 texture. The latent is the same for all pixels, so its part of
 * the first layer is summed here and is that layer's bias.
 */

// Each takes and returns four numbers. tanh overflows where exp does, so its argument is bounded.
const ACTIVATIONS = {
  elu: 'mix(exp(min(v, 0.)) - 1., v, greaterThan(v, vec4(0)))',
  linear: 'v',
  relu: 'max(v, 0.)',
  sigmoid: '1. / (1. + exp(-v))',
  softplus: 'max(v, 0.) + log(1. + exp(-abs(v)))',
  tanh: 'tanh(clamp(v, -15., 15.))',
};
const SOFTWARE = /swiftshader|llvmpipe|softpipe|software|basic render/i;
// Four numbers are a texel. The shader holds two layers' outputs in its registers.
const WIDEST_LAYER = 256;

const VERTICES = `#version 300 es
void main() {
  gl_Position = vec4(gl_VertexID == 1 ? 3 : -1, gl_VertexID == 2 ? 3 : -1, 0, 1);
}`;

/** A pixel network that a graphics processor draws. */
export class Shader {
  /**
   * @param {Object} network The configuration of the pixel network: `units`, `hidden` (the number
   *     of layers between the first and the last), `channels`, `latent_dim`, `latent_scale` and
   *     `activations` (of the first, of each hidden and of the last layer).
   * @param {Float32Array} weights Kernel and bias of each layer in turn; of the first layer the
   *     kernel of the latent, then that of x, y and r.
   * @param {boolean} allowSoftware Whether to accept a processor that only imitates graphics.
   * @throws {Error} The browser or its graphics cannot draw it.
   */
  constructor(network, weights, allowSoftware = false) {
    this.network = network;
    this.canvas = new OffscreenCanvas(1, 1);
    const gl = this.canvas.getContext('webgl2', {antialias: false, preserveDrawingBuffer: true});
    if (!gl) throw new Error('This browser has no WebGL2.');
    this.gl = gl;
    const debug = gl.getExtension('WEBGL_debug_renderer_info');
    this.renderer = String(gl.getParameter(debug ? debug.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
    if (SOFTWARE.test(this.renderer) && !allowSoftware) {
      throw new Error(`${this.renderer} is not a graphics processor.`);
    }
    if (network.units > WIDEST_LAYER || network.units % 4) {
      throw new Error(`The shader has no layers of ${network.units} units.`);
    }
    this.#split(weights);
    this.#compile();
    this.#upload();
  }

  /**
   * Draws a part of the plane.
   *
   * @param {Float32Array} latent
   * @param {Float32Array} x The coordinates of the columns, evenly spaced.
   * @param {Float32Array} y The coordinates of the rows, evenly spaced.
   * @returns {Uint8ClampedArray} RGBA, from the upper left.
   */
  draw(latent, x, y) {
    const {gl, program, network} = this;
    const [width, height] = [x.length, y.length];
    if (this.canvas.width !== width || this.canvas.height !== height) {
      Object.assign(this.canvas, {width, height});
    }
    gl.viewport(0, 0, width, height);
    gl.uniform4fv(gl.getUniformLocation(program, 'own'), this.#ownBias(latent));
    const step = (axis) => (axis.at(-1) - axis[0]) / Math.max(axis.length - 1, 1);
    // Rows are drawn from the top downwards into memory whose first row OpenGL calls the lowest.
    gl.uniform4f(gl.getUniformLocation(program, 'view'), x[0], y[0], step(x), step(y));
    gl.drawArrays(gl.TRIANGLES, 0, 3);
    const pixels = new Uint8ClampedArray(4 * width * height);
    gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
    if (gl.isContextLost()) throw new Error('The graphics processor was lost.');
    return pixels;
  }

  #split(weights) {
    const {latent_dim: length, units, hidden, channels} = this.network;
    let place = 0;
    const take = (count) => weights.subarray(place, (place += count));
    this.latentKernel = take(length * units);
    this.placeKernel = take(3 * units);
    this.bias = take(units);
    const layer = units * units + units;
    const rows = 3 + hidden * (units + 1) + Math.ceil((4 * (units + 1)) / units);
    this.texture = new Float32Array(rows * units);
    this.texture.set(this.placeKernel);
    this.texture.set(take(hidden * layer), 3 * units);
    // The last layer's rows are padded to four channels.
    this.lastRow = 3 + hidden * (units + 1);
    for (let row = 0; row <= units; row++) {
      this.texture.set(take(channels), this.lastRow * units + 4 * row);
    }
    this.rows = rows;
  }

  #ownBias(latent) {
    const {units, latent_scale: scale} = this.network;
    const sums = Float32Array.from(this.bias);
    latent.forEach((value, index) => {
      for (let unit = 0; unit < units; unit++) {
        sums[unit] += scale * value * this.latentKernel[index * units + unit];
      }
    });
    return sums;
  }

  #compile() {
    const {gl} = this;
    this.program = gl.createProgram();
    for (const [kind, source] of [
      [gl.VERTEX_SHADER, VERTICES],
      [gl.FRAGMENT_SHADER, fragments(this.network, this.lastRow)],
    ]) {
      const shader = gl.createShader(kind);
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      gl.attachShader(this.program, shader);
    }
    gl.linkProgram(this.program);
    if (!gl.getProgramParameter(this.program, gl.LINK_STATUS)) {
      throw new Error(`The shader does not compile: ${gl.getProgramInfoLog(this.program)}`);
    }
    gl.useProgram(this.program);
  }

  #upload() {
    const {gl, texture, rows} = this;
    const columns = this.network.units / 4;
    gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA32F, columns, rows, 0, gl.RGBA, gl.FLOAT, texture);
    for (const filter of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) {
      gl.texParameteri(gl.TEXTURE_2D, filter, gl.NEAREST);
    }
  }
}

/** Returns the text of the fragment shader. */
function fragments({units, hidden, channels, activations}, lastRow) {
  const texels = units / 4;
  const unknown = activations.find((name) => !(name in ACTIVATIONS));
  if (unknown) throw new Error(`The shader has no activation ${unknown}.`);
  const functions = activations
    .map((name, layer) => `vec4 activation${layer}(vec4 v) { return ${ACTIVATIONS[name]}; }`)
    .join('\n');
  // Written out layer by layer, because each may have an activation of its own.
  const hiddenLayers = Array.from({length: hidden}, (_, layer) => {
    const row = 3 + layer * (units + 1);
    return `
  for (int j = 0; j < ${texels}; j++) sums[j] = weight(j, ${row + units});
  for (int i = 0; i < ${texels}; i++) {
    vec4 v = values[i];
    int row = ${row} + 4 * i;
    for (int j = 0; j < ${texels}; j++) {
      sums[j] += v.x * weight(j, row) + v.y * weight(j, row + 1)
        + v.z * weight(j, row + 2) + v.w * weight(j, row + 3);
    }
  }
  for (int j = 0; j < ${texels}; j++) values[j] = activation${layer + 1}(sums[j]);`;
  }).join('\n');
  return `#version 300 es
precision highp float;
precision highp sampler2D;
uniform sampler2D weights;
uniform vec4 own[${texels}];
uniform vec4 view;
out vec4 colour;
${functions}
vec4 weight(int column, int row) { return texelFetch(weights, ivec2(column, row), 0); }
vec4 last(int row) { return weight(row % ${texels}, ${lastRow} + row / ${texels}); }
void main() {
  vec2 place = view.xy + view.zw * (gl_FragCoord.xy - .5);
  float r = length(place);
  vec4 values[${texels}], sums[${texels}];
  for (int j = 0; j < ${texels}; j++) {
    values[j] = activation0(own[j] + place.x * weight(j, 0) + place.y * weight(j, 1)
      + r * weight(j, 2));
  }
${hiddenLayers}
  vec4 sum = last(${units});
  for (int i = 0; i < ${texels}; i++) {
    vec4 v = values[i];
    sum += v.x * last(4 * i) + v.y * last(4 * i + 1) + v.z * last(4 * i + 2)
      + v.w * last(4 * i + 3);
  }
  vec4 drawn = activation${hidden + 1}(sum);
  colour = vec4(${channels === 1 ? 'drawn.xxx' : 'drawn.xyz'}, 1);
}`;
}
