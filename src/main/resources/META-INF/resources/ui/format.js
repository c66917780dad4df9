// Formats numbers and times in the language and the time zone of the reader.
import { h } from './dom.js';

const DATE_AND_TIME = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const WHOLE = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 });
const SHORT = new Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: 1 });

export function time(iso) {
  return h('time', { datetime: iso, title: iso }, DATE_AND_TIME.format(new Date(iso)));
}

export function whole(number) {
  return WHOLE.format(number);
}

export function short(number) {
  return SHORT.format(number);
}

export function counted(number, one, many) {
  return `${short(number)} ${number === 1 ? one : many}`;
}

export function milliseconds(ms) {
  return ms < 10_000 ? `${WHOLE.format(ms)} ms` : duration(ms);
}

const UNITS = [['d', 86_400_000], ['h', 3_600_000], ['min', 60_000], ['s', 1_000]];

/** A duration in its two largest units, such as "2 h 5 min". */
export function duration(ms) {
  const parts = [];
  let rest = ms;
  for (const [name, length] of UNITS) {
    const number = Math.floor(rest / length);
    rest -= number * length;
    if (number > 0 || (parts.length > 0 && parts.length < 2)) {
      parts.push(`${number} ${name}`);
    }
  }
  return parts.slice(0, 2).join(' ') || '0 s';
}
