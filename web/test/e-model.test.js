import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { mosOf } from '../sdk/e-model.js';

test('the estimate is the gateway’s: both are held to one table', () => {
  const table = readFileSync(new URL('../../media-bridge/src/test/resources/e-model.csv', import.meta.url), 'utf8');
  const rows = table.trim().split('\n').slice(1).map((line) => line.split(','));
  assert.ok(rows.length > 100);
  for (const [codec, loss, oneWay, mos] of rows) {
    const found = mosOf(`audio/${codec}`, Number(loss), Number(oneWay));
    assert.ok(Math.abs(found - Number(mos)) < 1e-6, `${codec}, ${loss} %, ${oneWay} ms: ${found} and not ${mos}`);
  }
});
