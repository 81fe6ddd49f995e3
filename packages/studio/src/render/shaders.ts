/** One triangle over all of the canvas. */
export const VERTEX_SHADER = `#version 300 es
out vec2 place;
void main() {
  vec2 corner = vec2((gl_VertexID << 1) & 2, gl_VertexID & 2);
  place = vec2(corner.x, 1.0 - corner.y);
  gl_Position = vec4(2.0 * corner - 1.0, 0.0, 1.0);
}`;

/** The picture between its pixels, and over it class colours or a map. */
export const FRAGMENT_SHADER = `#version 300 es
precision highp float;
precision highp int;
uniform sampler2D picture, labels, alone, truth, palette, map;
uniform float opacity, wipe;
uniform int pictureHeight, layer;
in vec2 place;
out vec4 colour;

float sampleOf(ivec2 at, int plane) {
  ivec2 inside = clamp(at, ivec2(0), ivec2(textureSize(picture, 0).x, pictureHeight) - 1);
  return texelFetch(picture, inside + ivec2(0, plane * pictureHeight), 0).r;
}

vec3 pixelOf(ivec2 at) {
  return vec3(sampleOf(at, 0), sampleOf(at, 1), sampleOf(at, 2));
}

vec3 pictureAt(vec2 where) {
  vec2 at = where * vec2(textureSize(picture, 0).x, pictureHeight) - 0.5;
  ivec2 corner = ivec2(floor(at));
  vec2 part = fract(at);
  vec3 upper = mix(pixelOf(corner), pixelOf(corner + ivec2(1, 0)), part.x);
  vec3 lower = mix(pixelOf(corner + ivec2(0, 1)), pixelOf(corner + ivec2(1, 1)), part.x);
  return mix(upper, lower, part.y);
}

int classOf(sampler2D of, vec2 where) {
  return int(texelFetch(of, ivec2(where * vec2(textureSize(of, 0))), 0).r * 255.0 + 0.5);
}

vec4 colourOf(int id) {
  return texelFetch(palette, ivec2(id, 0), 0);
}

/** From dark violet over magenta to yellow: brighter is more. */
vec3 heat(float v) {
  return clamp(vec3(1.6 * v, 1.9 * v * v, 0.35 + 1.2 * v - 1.7 * v * v), 0.0, 1.0);
}

void main() {
  vec3 pixel = pictureAt(place);
  if (layer == 1) {
    vec4 over = colourOf(place.x < wipe ? classOf(labels, place) : classOf(alone, place));
    pixel = mix(pixel, over.rgb, over.a * opacity);
  } else if (layer == 2) {
    float value = texelFetch(map, ivec2(place * vec2(textureSize(map, 0))), 0).r;
    pixel = mix(pixel, heat(value), max(opacity, 0.6));
  } else if (layer == 3) {
    vec4 over = colourOf(classOf(truth, place));
    pixel = mix(pixel, over.rgb, over.a * opacity);
  } else if (layer == 4) {
    int exact = classOf(truth, place);
    int found = place.x < wipe ? classOf(labels, place) : classOf(alone, place);
    // Classes that are hidden, and what is no class, are transparent: there nothing is wrong.
    bool wrong = exact != found && colourOf(exact).a > 0.0;
    float grey = dot(pixel, vec3(0.3, 0.59, 0.11));
    pixel = wrong ? vec3(1.0, 0.28, 0.24) : vec3(0.45 * grey + 0.04);
  }
  colour = vec4(pixel, 1.0);
}`;
