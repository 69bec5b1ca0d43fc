// The bytes from viz/maps.py, which documents their layout, and how numbers are written.

const KINDS = {
  float32: Float32Array,
  float64: Float64Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
};

function readPacket(data) {
  const whole = new Uint8Array(data); // a copy, so that blobs are aligned
  const length = new DataView(whole.buffer).getUint32(0, true);
  const start = Math.ceil((4 + length) / 8) * 8;
  const blob = ({ type, offset, count }) => new KINDS[type](whole.buffer, start + offset, count);
  const text = new TextDecoder().decode(whole.subarray(4, 4 + length));
  return JSON.parse(text, (_, value) => (value && value.type in KINDS ? blob(value) : value));
}

// Put values into a sentence of the visitor's language: "{count} cells".
function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

function oddNumber(value) {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  return Object.is(value, -0) ? "-0" : null;
}

// The same text as viz.theme.format_number.
function shortNumber(value, digits, theme) {
  const odd = oddNumber(value);
  if (odd || value === 0) return odd ?? "0";
  const [mantissa, exponent] = value.toExponential(digits - 1).split("e").map(Number);
  const size = Math.abs(value);
  if (size < theme.smallest_plain || size >= theme.largest_plain) return `${mantissa}e${exponent}`;
  return String(Number(exponent >= digits ? value.toFixed(0) : value.toPrecision(digits)));
}

// The fewest digits that name this number and no other of its type.
function exactNumber(value, values) {
  const odd = oddNumber(value);
  if (odd) return odd;
  for (let digits = 1; values instanceof Float32Array && digits < 9; digits += 1) {
    const text = Number(value.toPrecision(digits));
    if (Math.fround(text) === value) return String(text);
  }
  return String(values instanceof Float32Array ? Number(value.toPrecision(9)) : value);
}

function fullIndex(spec, k) {
  const index = [];
  let rest = spec.start + k;
  for (let axis = spec.shape.length - 1; axis >= 0; axis -= 1) {
    index[axis] = rest % spec.shape[axis];
    rest = Math.floor(rest / spec.shape[axis]);
  }
  return index;
}
