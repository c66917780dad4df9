// Draws charts over time with labelled axes.
import { uPlot } from './libraries.js';
import { h } from './dom.js';
import { milliseconds, short } from './format.js';

const HEIGHT = 220;
const NARROWEST = 240;
const UNITS = { count: short, ms: milliseconds };
const MOMENT = new Intl.DateTimeFormat(undefined, { dateStyle: 'short', timeStyle: 'short' });

const DAY = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const CLOCK = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });

/** The margin on both sides, in seconds, if there is only one bar. */
const HALF_HOUR = 1_800;

/** A colour of the style sheet, which defines colours for a light and a dark scheme. */
function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/**
 * Draws a chart at the end of an element, and as wide as this element.
 *
 * @param title the heading
 * @param unit "count" or "ms"
 * @param axis the label of the vertical axis
 * @param times seconds since 1970
 * @param series each has a name, its values and whether it is drawn as bars
 * @return a function that removes the chart
 */
export function drawChart(parent, { title, unit, axis, times, series }) {
  const figure = h('figure', {}, h('figcaption', {}, h('h2', {}, title)));
  const canvas = h('div', { class: 'canvas', role: 'img', 'aria-label': summary(title, unit, series) });
  figure.append(canvas);
  parent.append(figure);
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
        label: 'Start of the sessions (local time)',
        labelSize: 20,
        labelFont: '12px system-ui',
        values: (plotted, splits) => splits.map(timeLabel),
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
  const resizeObserver = new ResizeObserver(() => plot.setSize({ width: width(canvas), height: HEIGHT }));
  resizeObserver.observe(canvas);
  return () => {
    resizeObserver.disconnect();
    plot.destroy();
    figure.remove();
  };
}

/** The time of day, and the day if it differs from the one of the label before. */
function timeLabel(seconds, i, all) {
  const day = DAY.format(seconds * 1000);
  const isSameDay = i > 0 && DAY.format(all[i - 1] * 1000) === day;
  return isSameDay ? CLOCK.format(seconds * 1000) : `${CLOCK.format(seconds * 1000)}\n${day}`;
}

function width(canvas) {
  return Math.max(NARROWEST, canvas.clientWidth);
}

/** The text for screen readers; the table contains all figures. */
function summary(title, unit, series) {
  const highest = series.map((one) => {
    const present = one.values.filter((value) => value != null);
    return present.length === 0 ? `${one.name}: nothing` : `${one.name}: at most ${UNITS[unit](Math.max(...present))}`;
  });
  return `${title}. ${highest.join('; ')}. The table below contains the figures.`;
}
