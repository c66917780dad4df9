// Parses JSON without changing its numbers, such as an order number of twenty digits.

/** A double represents every number of up to this many digits exactly. */
const EXACT_DIGITS = 15;

/** Numbers that a double cannot represent become raw JSON, which JSON.stringify writes unchanged. */
export function parse(text) {
  return JSON.parse(text, exact);
}

function exact(key, value, { source } = {}) {
  const isLong = typeof value === 'number' && source?.replace(/\D/g, '').length > EXACT_DIGITS;
  // Older browsers have no raw JSON, and round such numbers.
  return isLong && JSON.rawJSON !== undefined ? JSON.rawJSON(source) : value;
}

/** A whole number of any length as a BigInt; 0 if the value is missing. */
export function integer(value) {
  return BigInt(value?.rawJSON ?? value ?? 0);
}

/** Whether the value is a JSON object. A number that is kept as raw JSON is not an object. */
export function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !JSON.isRawJSON?.(value);
}

/** The value of the first of these members that is a text and not blank. */
export function stringOf(object, ...names) {
  return names.map((name) => object[name]).find((value) => typeof value === 'string' && value.trim() !== '');
}

/** All texts and other scalar values in a value, without the names of its members. */
export function values(value) {
  if (value === undefined || value === null) {
    return [];
  }
  if (Array.isArray(value) || isObject(value)) {
    return Object.values(value).flatMap(values);
  }
  return [typeof value === 'string' ? value : JSON.stringify(value)];
}
