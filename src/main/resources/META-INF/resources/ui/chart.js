// A chart over time, with axes that say what they count.
import { uPlot } from './libraries.js';
import { h } from './dom.js';
import { milliseconds, short } from './format.js';

const HEIGHT = 220;
const NARROWEST = 240;
const UNITS = { count: short, ms: milliseconds };
const MOMENT = new Intl.DateTimeFormat(undefined, { dateStyle: 'short', timeStyle: 'short' });

const DAY = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const CLOCK = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });

/** Half a bar on either side, in seconds. */
const HALF_HOUR = 1_800;

/** A colour of the style sheet, which knows light and dark. */
function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/**
 * Draws a chart, as wide as its place.
 *
 * @param title what is shown
 * @param unit "count" or "ms"
 * @param axis what the vertical axis counts
 * @param times seconds since 1970
 * @param series each with a name, its values and whether it is drawn as bars
 */
export function chart(place, { title, unit, axis, times, series }) {
  const figure = h('figure', {}, h('figcaption', {}, h('h2', {}, title)));
  const canvas = h('div', { class: 'canvas', role: 'img', 'aria-label': summary(title, unit, series) });
  figure.append(canvas);
  place.append(figure);
  const format = UNITS[unit];
  const margin = times.length > 1 ? (times[1] - times[0]) / 2 : HALF_HOUR;
  const lines = { stroke: colour('muted'), grid: { stroke: colour('line'), width: 1 }, ticks: { stroke: colour('line') } };
  const plot = new uPlot({
    width: width(canvas),
    height: HEIGHT,
    scales: {
      x: { range: (plotted, first, last) => [first - margin, last + margin] },
      y: { range: (plotted, low, high) => [0, Math.max(1, high ?? 1) * 1.05] },
    },
    cursor: { drag: { x: false, y: false } },
    axes: [
      {
        ...lines,
        label: 'Start of the sessions, local time',
        labelSize: 20,
        labelFont: '12px system-ui',
        values: (plotted, splits) => splits.map(moments),
      },
      {
        ...lines,
        label: axis,
        labelSize: 20,
        labelFont: '12px system-ui',
        size: 64,
        incrs: unit === 'count' ? [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5, 1e6, 1e7, 1e8, 1e9] : undefined,
        values: (plotted, splits) => splits.map(short),
      },
    ],
    series: [{ label: 'From', value: (plotted, value) => (value == null ? '' : MOMENT.format(value * 1000)) }, ...series.map((one, i) => ({
      label: one.name,
      stroke: colour(`series-${i + 1}`),
      fill: one.bars ? colour(`series-${i + 1}`) : undefined,
      paths: one.bars ? uPlot.paths.bars({ size: [0.7, 40] }) : undefined,
      points: { show: !one.bars, size: 5 },
      width: 2,
      value: (plotted, value) => (value == null ? '' : format(value)),
    }))],
  }, [times, ...series.map((one) => one.values)], canvas);
  const resized = new ResizeObserver(() => plot.setSize({ width: width(canvas), height: HEIGHT }));
  resized.observe(canvas);
  return () => {
    resized.disconnect();
    plot.destroy();
    figure.remove();
  };
}

/** The time of day, and the day where it is another one. */
function moments(seconds, i, all) {
  const day = DAY.format(seconds * 1000);
  const known = i > 0 && DAY.format(all[i - 1] * 1000) === day;
  return known ? CLOCK.format(seconds * 1000) : `${CLOCK.format(seconds * 1000)}\n${day}`;
}

function width(canvas) {
  return Math.max(NARROWEST, canvas.clientWidth);
}

/** What there is to hear of it; the table has every figure. */
function summary(title, unit, series) {
  const highest = series.map((one) => {
    const known = one.values.filter((value) => value != null);
    return known.length === 0 ? `${one.name}: nothing` : `${one.name}: at most ${UNITS[unit](Math.max(...known))}`;
  });
  return `${title}. ${highest.join('; ')}. The table below has the figures.`;
}
