// Whether a sum is right as it is written: exact arithmetic on the texts themselves.

/** A fraction. @typedef {{over: bigint, under: bigint}} Fraction */

const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d+))?$/;

/**
 * Read a number as it is written: `−0.0582`, `.5`, `4.7e−8`, `3/4`; null where it is none.
 * @param {string} text
 * @returns {Fraction | null}
 */
export function read(text) {
  const [over, under] = text.trim().replaceAll("−", "-").split("/");
  if (under === undefined) return decimal(over);
  const parts = [decimal(over), decimal(under)];
  if (!parts[0] || !parts[1]?.over) return null;
  return { over: parts[0].over * parts[1].under, under: parts[0].under * parts[1].over };
}

/**
 * @param {string} text
 * @returns {Fraction | null}
 */
function decimal(text) {
  const found = NUMBER.exec(text);
  if (!found || !`${found[2]}${found[3] ?? ""}`) return null;
  const [, sign, whole, part = "", power = "0"] = found;
  const digits = BigInt(`${whole}${part}`) * (sign === "-" ? -1n : 1n);
  const shift = Number(power) - part.length;
  const scale = 10n ** BigInt(Math.abs(shift));
  return shift < 0 ? { over: digits, under: scale } : { over: digits * scale, under: 1n };
}

/**
 * @param {Fraction} one
 * @param {Fraction} other
 * @returns {Fraction}
 */
function plus(one, other) {
  return {
    over: one.over * other.under + other.over * one.under,
    under: one.under * other.under,
  };
}

/**
 * @param {Fraction} one
 * @param {Fraction} other
 * @returns {Fraction}
 */
function times(one, other) {
  return { over: one.over * other.over, under: one.under * other.under };
}

/**
 * Whether the products of these texts add up to this total, exactly as they are written.
 * @param {string} total
 * @param {string[][]} products the factors of every term
 */
export function addsUp(total, products) {
  const wanted = read(total);
  let sum = /** @type {Fraction} */ ({ over: 0n, under: 1n });
  for (const factors of products) {
    let product = /** @type {Fraction} */ ({ over: 1n, under: 1n });
    for (const text of factors) {
      const factor = read(text);
      if (!factor) return false;
      product = times(product, factor);
    }
    sum = plus(sum, product);
  }
  return wanted !== null && sum.over * wanted.under === wanted.over * sum.under;
}
