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
