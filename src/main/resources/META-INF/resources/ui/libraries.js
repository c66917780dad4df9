// Libraries of others. Maven downloads them as jars; the versions are those of pom.xml.
export { default as DOMPurify } from '/_static/dompurify/3.2.7/dist/purify.es.mjs';
export { Marked } from '/_static/marked/17.0.3/lib/marked.esm.js';
export { default as uPlot } from '/webjars/uplot/1.6.30/dist/uPlot.esm.js';
