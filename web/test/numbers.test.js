import assert from 'node:assert/strict';
import test from 'node:test';
import { countryOf, formatAsTyped, formatNumber, normaliseNumber } from '../sdk/index.js';

const WRITTEN = [
  ['+12025550100', '+1 202 555 0100'],
  ['+442079460000', '+44 20 7946 0000'],
  ['+447700900123', '+44 7700 900123'],
  ['+441614960000', '+44 161 496 0000'],
  ['+493012345678', '+49 30 1234 5678'],
  ['+4915112345678', '+49 151 1234 5678'],
  ['+492211234567', '+49 221 1234 567'],
  ['+33142685300', '+33 1 42 68 53 00'],
  ['+34911234567', '+34 911 234 567'],
  ['+393123456789', '+39 312 345 6789'],
  ['+390612345678', '+39 06 1234 5678'],
  ['+31612345678', '+31 6 12 34 56 78'],
  ['+31201234567', '+31 20 123 4567'],
  ['+46812345678', '+46 8 123 45 678'],
  ['+41446681800', '+41 44 668 18 00'],
  ['+4312345678', '+43 1 234 5678'],
  ['+61412345678', '+61 412 345 678'],
  ['+61212345678', '+61 2 1234 5678'],
  ['+81312345678', '+81 3 1234 5678'],
  ['+8613812345678', '+86 138 1234 5678'],
  ['+919876543210', '+91 98765 43210'],
  ['+5511987654321', '+55 11 98765 4321'],
  ['+525512345678', '+52 55 1234 5678'],
  ['+74951234567', '+7 495 123 45 67'],
  ['+353861234567', '+353 86 123 4567'],
  ['+2901234567', '+290 123 4567'],
];

test('numbers are written as their countries write them', () => {
  for (const [number, written] of WRITTEN) {
    assert.equal(formatNumber(number), written);
  }
});

test('formatting never changes the number, complete or not', () => {
  for (const [number] of WRITTEN) {
    for (let length = 1; length <= number.length; length++) {
      const part = number.slice(0, length);
      assert.equal(formatNumber(part).replaceAll(' ', ''), part);
    }
  }
  for (let code = 1; code < 1000; code++) {
    const number = `+${code}123456789`.slice(0, 15);
    assert.equal(formatNumber(number).replaceAll(' ', ''), number);
  }
});

test('what people type and paste becomes E.164', () => {
  const expected = '+442079460000';
  for (const text of [
    '+44 20 7946 0000', ' +44 (0)20 7946-0000 ', '0044 20 7946 0000', '011442079460000', 'tel:+44-20-7946-0000;ext=5',
    '+44 (20) 7946.0000', '+44\u00a020\u20117946\u202f0000', 'TEL:+442079460000', '+44/20/79460000',
  ]) {
    assert.equal(normaliseNumber(text), expected, text);
  }
});

test('what is no international number is refused, not guessed', () => {
  for (const text of [
    '', '+', '020 7946 0000', '2025550100', '+0123456789', '+12345', '+1234567890123456', '+44 20 7946 000O', '+1\n2025550100x',
    '++442079460000', '+44,2079460000', 'sip:bob@example.com', '00', '+442079460000#', '+٤٤٢٠٧٩٤٦٠٠٠٠',
  ]) {
    assert.equal(normaliseNumber(text), null, text);
  }
});

test('while typing, the caret stays behind the digit it was behind', () => {
  assert.deepEqual(formatAsTyped('+1202', 5), { text: '+1 202', caret: 6 });
  assert.deepEqual(formatAsTyped('+1 2025', 7), { text: '+1 202 5', caret: 8 });
  assert.deepEqual(formatAsTyped('+1 29 02', 5), { text: '+1 290 2', caret: 5 });
  assert.deepEqual(formatAsTyped('', 0), { text: '', caret: 0 });
});

test('typed character by character, every listed number ends as it is written with the caret at its end', () => {
  for (const [number, written] of WRITTEN) {
    let field = { text: '', caret: 0 };
    for (const character of number) {
      const text = field.text.slice(0, field.caret) + character + field.text.slice(field.caret);
      field = formatAsTyped(text, field.caret + 1);
    }
    assert.deepEqual(field, { text: written, caret: written.length });
  }
});

test('deleting a digit in the middle keeps the others', () => {
  assert.deepEqual(formatAsTyped('+1 202 55 0100', 9), { text: '+1 202 550 100', caret: 9 });
});

test('a pasted mess leaves only what a telephone has', () => {
  assert.equal(formatAsTyped('call +44 (20) 7946-0000 now', 27).text, '+44 20 7946 0000');
  assert.equal(formatAsTyped('+44+20', 6).text, '+44 20');
  assert.equal(formatAsTyped('0044 20', 7).text, '+44 20');
  assert.equal(formatAsTyped('*100#', 5).text, '*100#');
});

test('what a pasted number carries besides its digits does not end up among them', () => {
  for (const text of [
    '+44 (0)20 7946 0000', '0044 (0) 20 7946 0000', 'Tel. +44 (0)20 7946 0000', 'tel:+44-20-7946-0000;ext=5', '+442079460000 ext. 12',
    '+44 20 7946 0000 x5', '+44 20 7946 0000, ext 5', 'tel:+442079460000;phone-context=example.com',
  ]) {
    assert.deepEqual(formatAsTyped(text, text.length), { text: '+44 20 7946 0000', caret: 16 }, text);
  }
});

test('the country is named where it is known', () => {
  assert.equal(countryOf('+12025550100'), 'North America');
  assert.equal(countryOf('+493012345678'), 'Germany');
  assert.equal(countryOf('+2901234'), '');
});
