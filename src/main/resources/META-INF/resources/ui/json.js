// JSON whose numbers are kept as they were said, an order's number of twenty digits too.

/** Of a double, whatever the digits. */
const EXACT_DIGITS = 15;

/** Numbers that a double can't hold become what JSON.stringify writes as they came. */
export function parse(text) {
  return JSON.parse(text, exact);
}

function exact(key, value, { source } = {}) {
  const isLong = typeof value === 'number' && source?.replace(/\D/g, '').length > EXACT_DIGITS;
  // Older browsers round.
  return isLong && JSON.rawJSON !== undefined ? JSON.rawJSON(source) : value;
}

/** A whole number, however long, to compare it; 0 where there is none. */
export function integer(value) {
  return BigInt(value?.rawJSON ?? value ?? 0);
}

/** A number that was kept as it was said is none. */
export function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !JSON.isRawJSON?.(value);
}

/** The first of these members that is a text with something in it. */
export function stringOf(object, ...names) {
  return names.map((name) => object[name]).find((value) => typeof value === 'string' && value.trim() !== '');
}

/** All texts and numbers in a value, without the names of its members. */
export function values(value) {
  if (value === undefined || value === null) {
    return [];
  }
  if (Array.isArray(value) || isObject(value)) {
    return Object.values(value).flatMap(values);
  }
  return [typeof value === 'string' ? value : JSON.stringify(value)];
}
