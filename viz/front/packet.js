// Reads the bytes that `viz/maps/packet.py` writes, which documents their layout.

const KINDS = {
  float32: Float32Array,
  float64: Float64Array,
  int8: Int8Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
};

/**
 * Return the header; each place in it is replaced by the numbers that stand there.
 * @param {ArrayBuffer | Uint8Array} data
 * @returns {any}
 */
export function readPacket(data) {
  const whole = new Uint8Array(data); // of a view a copy, so that the numbers are aligned
  const length = new DataView(whole.buffer).getUint32(0, true);
  const start = Math.ceil((4 + length) / 8) * 8;
  const text = new TextDecoder().decode(whole.subarray(4, 4 + length));
  return JSON.parse(text, (_, value) => {
    if (!value || !(value.type in KINDS)) return value;
    const Numbers = KINDS[/** @type {keyof typeof KINDS} */ (value.type)];
    return new Numbers(whole.buffer, start + value.offset, value.count);
  });
}
