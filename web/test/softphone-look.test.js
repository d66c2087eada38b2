import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';

const css = (path) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
const page = css('demo/page.css');
const softphone = css('softphone/softphone.css');

/** The colours of a `:root` that follows this text. @returns {Record<string, string>} */
function coloursAfter(start) {
  const from = page.indexOf(':root', page.indexOf(start));
  return Object.fromEntries([...page.slice(from, page.indexOf('}', from)).matchAll(/--([\w-]+):\s*(#[0-9a-f]{3,6});/g)].map(([, name, value]) => [name, value]));
}

const light = coloursAfter(':root');
const looks = { light, dark: { ...light, ...coloursAfter('prefers-color-scheme: dark') } };

/** Relative luminance (WCAG 2.2). @param {string} hex */
function luminance(hex) {
  const digits = hex.length === 4 ? [...hex.slice(1)].map((each) => each + each) : hex.slice(1).match(/../g);
  const [r, g, b] = digits.map((each) => parseInt(each, 16) / 255).map((each) => (each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one, other) {
  const [lighter, darker] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (lighter + 0.05) / (darker + 0.05);
}

/** The rules within this media query. */
function within(sheet, query) {
  const start = sheet.indexOf('{', sheet.indexOf(query)) + 1;
  let depth = 1;
  let end = start;
  for (; depth > 0; end++) {
    depth += { '{': 1, '}': -1 }[sheet[end]] ?? 0;
  }
  return sheet.slice(start, end - 1);
}

test('whatever is written can be read by day and in the dark', () => {
  const texts = [
    ...['paper', 'card', 'key'].flatMap((ground) => ['ink', 'soft', 'go', 'stop'].map((ink) => [ink, ground])),
    ['warn', 'warn-paper'], ['warn', 'card'], ['ink', 'warn-paper'], ['on-go', 'go'], ['on-go', 'go-press'], ['on-stop', 'stop'], ['on-stop', 'stop-press'],
  ];
  for (const [look, colours] of Object.entries(looks)) {
    for (const [ink, ground] of texts) {
      assert.ok(contrast(colours[ink], colours[ground]) >= 4.5, `${look}: ${ink} on ${ground} is ${contrast(colours[ink], colours[ground]).toFixed(2)}`);
    }
    for (const ground of ['paper', 'card']) {
      assert.ok(contrast(colours.focus, colours[ground]) >= 3, `${look}: the focus on ${ground}`);
    }
  }
  assert.ok(luminance(looks.dark.paper) < 0.05 && luminance(looks.light.paper) > 0.8);
});

test('each colour of the page has one for the dark, and the softphone has none of its own', () => {
  const dark = coloursAfter('prefers-color-scheme: dark');
  const both = ['screen-ink', 'screen-soft', 'own', 'far']; // the display of the test call is dark by day too
  assert.deepEqual(Object.keys(light).filter((name) => !dark[name] && !both.includes(name)), []);
  assert.deepEqual(softphone.match(/#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch)a?\(|:\s*(?:black|white)\b/gi) ?? [], []);
  const used = new Set([...softphone.matchAll(/var\(--([\w-]+)/g)].map(([, name]) => name));
  assert.deepEqual([...used].filter((name) => !page.includes(`--${name}:`)), []);
});

test('with colours of the system the active call and the marks can still be told apart', () => {
  const forced = within(softphone, '@media (forced-colors: active)');
  assert.match(forced, /\.call\[data-active\]\s*\{\s*border:[^;]*Highlight/);
  assert.match(forced, /\.state-mark::before[^}]*forced-color-adjust: none/);
  assert.doesNotMatch(softphone, /outline:\s*(?:none|0)/, 'the focus is seen by its outline alone then');
});
