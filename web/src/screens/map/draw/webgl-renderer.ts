import { colourOf, otherSlot, rgbOf, shapeOf } from '../data/palette.js';
import { pointStates } from '../data/picked.js';
import { type DrawOrder, drawOrder } from './draw-order.js';
import { asideOpacity, type Frame, type PointRenderer, pickedOpacity } from './point-renderer.js';

/** Of so many points even software draws a frame in good time. */
const mostInSoftware = 20_000;

/**
 * Draws points with WebGL 2: places and slots lie in buffers, a frame is a few numbers and three calls. Written out here, as
 * libraries for it compile JavaScript from text, which the policy of the page does not allow (docs/adr).
 *
 * @returns `undefined` where the browser has no WebGL 2, or only in software, which is slower than `canvasRenderer` of many points
 */
export function webglRenderer(canvas: HTMLCanvasElement, places: Float32Array): PointRenderer | undefined {
  const gl = canvas.getContext('webgl2', { antialias: false });
  if (!gl || (places.length / 2 > mostInSoftware && isSoftware(gl))) return undefined;
  const program = compiled(gl);
  if (!program) return undefined;
  const uniform = (name: string) => gl.getUniformLocation(program, name);
  const uniforms = {
    centre: uniform('centre'),
    zoom: uniform('zoom'),
    diameter: uniform('diameter'),
    colours: uniform('colours'),
    shapes: uniform('shapes'),
    opacity: uniform('opacity'),
    aside: uniform('aside'),
  };

  const placeBuffer = gl.createBuffer();
  gl.bindBuffer(gl.ARRAY_BUFFER, placeBuffer);
  gl.bufferData(gl.ARRAY_BUFFER, places, gl.STATIC_DRAW);
  gl.enableVertexAttribArray(0);
  gl.vertexAttribPointer(0, 2, gl.FLOAT, false, 0, 0);
  const slotBuffer = gl.createBuffer();
  gl.bindBuffer(gl.ARRAY_BUFFER, slotBuffer);
  gl.enableVertexAttribArray(1);
  gl.vertexAttribIPointer(1, 1, gl.UNSIGNED_BYTE, 0, 0);
  const rowBuffer = gl.createBuffer();
  gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, rowBuffer);
  gl.useProgram(program);
  gl.enable(gl.BLEND);
  gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  const shapes = { circle: 0, square: 1, triangle: 2 };
  gl.uniform1iv(
    uniforms.shapes,
    Array.from({ length: otherSlot + 1 }, (_, slot) => shapes[shapeOf(slot)]),
  );

  let order: DrawOrder = drawOrder(new Uint8Array(0));
  return {
    kind: 'webgl2',
    drewAll: true,
    setLook(slots, states) {
      gl.bufferData(gl.ARRAY_BUFFER, slots, gl.DYNAMIC_DRAW);
      order = drawOrder(states);
      gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, order.rows, gl.DYNAMIC_DRAW);
    },
    draw({ camera, size, pixelRatio, theme, radius, opacity }: Frame) {
      gl.viewport(0, 0, canvas.width, canvas.height);
      gl.clear(gl.COLOR_BUFFER_BIT);
      gl.uniform2f(uniforms.centre, camera.x, camera.y);
      gl.uniform2f(uniforms.zoom, (2 * camera.scale) / size.width, (2 * camera.scale) / size.height);
      gl.uniform1f(uniforms.diameter, 2 * radius * pixelRatio + 1);
      gl.uniform3fv(uniforms.colours, coloursOf(theme));
      const opacities = [asideOpacity, opacity, pickedOpacity];
      for (const state of Object.values(pointStates)) {
        const from = state === 0 ? 0 : order.ends[state - 1]!;
        const count = order.ends[state]! - from;
        if (count === 0) continue;
        gl.uniform1f(uniforms.opacity, opacities[state]!);
        gl.uniform1i(uniforms.aside, Number(state === pointStates.aside));
        gl.drawElements(gl.POINTS, count, gl.UNSIGNED_INT, 4 * from);
      }
    },
    destroy() {
      for (const buffer of [placeBuffer, slotBuffer, rowBuffer]) gl.deleteBuffer(buffer);
      gl.deleteProgram(program);
      gl.getExtension('WEBGL_lose_context')?.loseContext();
    },
  };
}

/** Not `failIfMajorPerformanceCaveat`: browsers do not say so of all their ways to draw without a graphics card. */
function isSoftware(gl: WebGL2RenderingContext): boolean {
  const names = gl.getExtension('WEBGL_debug_renderer_info');
  const renderer = String(gl.getParameter(names ? names.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
  return /swiftshader|llvmpipe|softpipe|software|basic render/i.test(renderer);
}

function coloursOf(theme: Frame['theme']): Float32Array {
  return Float32Array.from(
    Array.from({ length: otherSlot + 1 }, (_, slot) => rgbOf(colourOf(slot, theme))).flat(),
    (value) => value / 255,
  );
}

const vertexShader = `#version 300 es
layout(location = 0) in vec2 place;
layout(location = 1) in uint slot;
uniform vec2 centre, zoom;
uniform float diameter;
uniform vec3 colours[${otherSlot + 1}];
uniform int shapes[${otherSlot + 1}];
uniform bool aside;
flat out vec3 colour;
flat out int shape;
void main() {
  gl_Position = vec4((place - centre) * zoom, 0.0, 1.0);
  gl_PointSize = diameter;
  colour = colours[aside ? ${otherSlot} : int(slot)];
  shape = shapes[int(slot)];
}`;

/** A point is a square of `diameter` pixels, half a pixel wider on each side than its shape, so that edges can fade. */
const fragmentShader = `#version 300 es
precision highp float;
uniform float diameter, opacity;
flat in vec3 colour;
flat in int shape;
out vec4 pixel;
void main() {
  vec2 at = (2.0 * gl_PointCoord - 1.0) * diameter / max(diameter - 1.0, 1.0);
  float distance = shape == 0 ? length(at)
    : shape == 1 ? max(abs(at.x), abs(at.y)) + 0.15
    : max(at.y + 0.25, (2.0 * abs(at.x) - at.y - 1.0) / 2.236 + 1.0);
  float edge = 2.0 / diameter;
  float alpha = opacity * (1.0 - smoothstep(1.0 - edge / 2.0, 1.0 + edge / 2.0, distance));
  if (alpha <= 0.0) discard;
  pixel = vec4(colour * alpha, alpha);
}`;

function compiled(gl: WebGL2RenderingContext): WebGLProgram | undefined {
  const program = gl.createProgram();
  for (const [type, source] of [
    [gl.VERTEX_SHADER, vertexShader],
    [gl.FRAGMENT_SHADER, fragmentShader],
  ] as const) {
    const shader = gl.createShader(type);
    if (!shader) return undefined;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
    gl.deleteShader(shader);
  }
  gl.linkProgram(program);
  return gl.getProgramParameter(program, gl.LINK_STATUS) ? program : undefined;
}
