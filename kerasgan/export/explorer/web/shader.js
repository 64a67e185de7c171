/**
 * A CPPN as a WebGL2 fragment shader: every pixel runs the whole network.
 *
 * The weights are in one float32 texture. The latent is the same for all pixels, so the layers that
 * map it run here, and its part of the first layer is summed here and is that layer's bias; and so are the scale and the shift of
 * each layer that it modulates, which are the texture's last rows.
 */

// Each takes and returns four numbers. tanh overflows where exp does, so its argument is bounded.
const ACTIVATIONS = {
  elu: 'mix(exp(min(v, 0.)) - 1., v, greaterThan(v, vec4(0)))',
  leaky_relu: 'max(v, 0.2 * v)',
  linear: 'v',
  relu: 'max(v, 0.)',
  sigmoid: '1. / (1. + exp(-v))',
  silu: 'v / (1. + exp(-v))',
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

/** A pixel network that a GPU draws. */
export class Shader {
  /**
   * @param {Object} network The configuration of the pixel network: `units`, `hidden` (the number
   *     of layers between the first and the last), `channels`, `latent_dim`, `latent_scale`,
   *     `coordinate_scale`, `octaves`, `directions`, `modulated`, `mapping_depth`, `mapping_width`
   *     and `activations` (of the first, of each hidden and of the last layer).
   * @param {Float32Array} weights Kernel and bias of each layer in turn, of those that map the
   *     latent first; of the first layer at each pixel the
   *     kernel of the latent, then that of x, y, r and the waves. Those of a modulation follow
   *     those of its layer.
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
      throw new Error(`${this.renderer} is not a GPU.`);
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
    const mapped = this.#mapped(latent);
    gl.uniform4fv(gl.getUniformLocation(program, 'own'), this.#ownBias(mapped));
    this.#modulate(mapped);
    const step = (axis) => (axis.at(-1) - axis[0]) / Math.max(axis.length - 1, 1);
    // Rows are drawn from the top downwards into memory whose first row OpenGL calls the lowest.
    gl.uniform4f(gl.getUniformLocation(program, 'view'), x[0], y[0], step(x), step(y));
    gl.drawArrays(gl.TRIANGLES, 0, 3);
    const pixels = new Uint8ClampedArray(4 * width * height);
    gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
    if (gl.isContextLost()) throw new Error('The GPU was lost.');
    return pixels;
  }

  #split(weights) {
    const {units, hidden, channels, modulated} = this.network;
    const {mapping_depth: depth = 0, mapping_width: width = 1} = this.network;
    let length = this.network.latent_dim;
    let place = 0;
    const take = (count) => weights.subarray(place, (place += count));
    this.mapping = [];
    for (let layer = 0; layer < depth; layer++) {
      this.mapping.push({kernel: take(length * width), bias: take(width)});
      length = width;
    }
    this.latentKernel = take(length * units);
    const rows = layout(this.network);
    this.texture = new Float32Array(rows.end * units);
    this.texture.set(take(rows.hidden(0) * units));
    this.bias = take(units);
    this.modulations = [];
    for (let layer = 0; layer < hidden; layer++) {
      this.texture.set(take(units * units + units), rows.hidden(layer) * units);
      if (modulated) {
        this.modulations.push({kernel: take(length * 2 * units), bias: take(2 * units)});
      }
    }
    // The last layer's rows are padded to four channels.
    for (let row = 0; row <= units; row++) {
      this.texture.set(take(channels), rows.last * units + 4 * row);
    }
  }

  #mapped(latent) {
    return this.mapping.reduce(
      (values, {kernel, bias}) => dense(values, 1, kernel, bias).map((v) => Math.max(v, 0.2 * v)),
      latent,
    );
  }

  #ownBias(latent) {
    return dense(latent, this.network.latent_scale, this.latentKernel, this.bias);
  }

  /** Writes the scales and shifts of a latent into the texture. */
  #modulate(latent) {
    const {gl, modulations, network} = this;
    const {units} = network;
    const first = layout(network).modulation;
    modulations.forEach(({kernel, bias}, layer) => {
      const rows = dense(latent, 1, kernel, bias);
      for (let unit = 0; unit < units; unit++) rows[unit] += 1;
      const at = first + 2 * layer;
      gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, at, units / 4, 2, gl.RGBA, gl.FLOAT, rows);
    });
  }

  #compile() {
    const {gl} = this;
    this.program = gl.createProgram();
    for (const [kind, source] of [
      [gl.VERTEX_SHADER, VERTICES],
      [gl.FRAGMENT_SHADER, fragments(this.network)],
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
    const {gl, texture} = this;
    const [columns, rows] = [this.network.units / 4, layout(this.network).end];
    gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA32F, columns, rows, 0, gl.RGBA, gl.FLOAT, texture);
    for (const filter of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) {
      gl.texParameteri(gl.TEXTURE_2D, filter, gl.NEAREST);
    }
  }
}

/** Returns at which row of the texture each part of the network begins. */
function layout({units, hidden, octaves, directions, modulated}) {
  const first = 3 + 2 * directions * octaves;
  const last = first + hidden * (units + 1);
  const modulation = last + Math.ceil((4 * (units + 1)) / units);
  return {
    hidden: (layer) => first + layer * (units + 1),
    last,
    modulation,
    end: modulation + (modulated ? 2 * hidden : 0),
  };
}

/** Returns what a dense layer makes of a latent times `scale`. */
function dense(latent, scale, kernel, bias) {
  const sums = Float32Array.from(bias);
  latent.forEach((value, index) => {
    for (let unit = 0; unit < sums.length; unit++) {
      sums[unit] += scale * value * kernel[index * sums.length + unit];
    }
  });
  return sums;
}

/** Returns the text of the fragment shader. */
function fragments(network) {
  const {units, hidden, channels, activations, octaves, directions, modulated} = network;
  const texels = units / 4;
  const rows = layout(network);
  const unknown = activations.find((name) => !(name in ACTIVATIONS));
  if (unknown) throw new Error(`The shader has no activation ${unknown}.`);
  const functions = activations
    .map((name, layer) => `vec4 activation${layer}(vec4 v) { return ${ACTIVATIONS[name]}; }`)
    .join('\n');
  // Written out layer by layer, because each may have an activation of its own.
  const hiddenLayers = Array.from({length: hidden}, (_, layer) => {
    const row = rows.hidden(layer);
    const modulation = rows.modulation + 2 * layer;
    const sum = modulated
      ? `weight(j, ${modulation}) * sums[j] + weight(j, ${modulation + 1})`
      : 'sums[j]';
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
  for (int j = 0; j < ${texels}; j++) values[j] = activation${layer + 1}(${sum});`;
  }).join('\n');
  // The texture has, of each direction, the kernels of the sines of all octaves, then cosines.
  const waves = Array.from({length: 2 * directions * octaves}, (_, index) => {
    const angle = (Math.PI * Math.floor(index / (2 * octaves))) / directions;
    const wave = Math.floor(index / octaves) % 2 ? 'cos' : 'sin';
    const frequency = (Math.PI * 2 ** (index % octaves)) / network.coordinate_scale;
    const [u, v] = [Math.cos(angle), Math.sin(angle)].map((part) => (part * frequency).toExponential());
    return `
    values[j] += ${wave}(place.x * ${u} + place.y * ${v}) * weight(j, ${3 + index});`;
  }).join('');
  return `#version 300 es
precision highp float;
precision highp sampler2D;
uniform sampler2D weights;
uniform vec4 own[${texels}];
uniform vec4 view;
out vec4 colour;
${functions}
vec4 weight(int column, int row) { return texelFetch(weights, ivec2(column, row), 0); }
vec4 last(int row) { return weight(row % ${texels}, ${rows.last} + row / ${texels}); }
void main() {
  vec2 place = view.xy + view.zw * (gl_FragCoord.xy - .5);
  float r = length(place);
  vec4 values[${texels}], sums[${texels}];
  for (int j = 0; j < ${texels}; j++) {
    values[j] = own[j] + place.x * weight(j, 0) + place.y * weight(j, 1) + r * weight(j, 2);${waves}
    values[j] = activation0(values[j]);
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
