/**
 * The picture of the sound: our own voice above the line, the other side's below, the last few seconds; and the two
 * level meters. Without a call it shows the mark of the house, a tone dying away.
 */
import { element, html } from './dom.js';

const COLUMN_PIXELS = 4;
const COLUMNS_PER_SECOND = 25;
const FLOOR_DECIBELS = -54; // the quietest that is drawn
const METER_SPOKEN_MILLIS = 500; // how often the meter tells a screen reader its value
const FALL_PER_SECOND = 1.6; // of full scale: bars rise at once and fall gently

/** @typedef {{own: number, far: number}} Levels */

export class Scope {
  #canvas = element('scope', HTMLCanvasElement);
  #bars = { own: html('own'), far: html('far') };
  /** @type {(() => Levels) | null} */
  #source = null;
  /** @type {Levels[]} */
  #columns = [];
  /** @type {Levels} */
  #shown = { own: 0, far: 0 };
  /** @type {Levels} */
  #peak = { own: 0, far: 0 };
  #lastFrame = 0;
  #lastColumn = 0;
  #lastSpoken = 0;
  #still = matchMedia('(prefers-reduced-motion: reduce)');

  constructor() {
    new ResizeObserver(() => this.#draw()).observe(this.#canvas);
  }

  /** @param {() => Levels} levels asked for each frame, root mean square */
  start(levels) {
    this.#source = levels;
    this.#columns = [];
    this.#lastFrame = this.#lastColumn = performance.now();
    requestAnimationFrame((now) => this.#frame(now));
  }

  /** Back to the mark of the house. */
  stop() {
    this.#source = null;
    this.#columns = [];
    this.#draw();
  }

  /** @param {number} now */
  #frame(now) {
    if (!this.#source) {
      return;
    }
    const levels = this.#source();
    const fall = ((now - this.#lastFrame) / 1000) * FALL_PER_SECOND;
    this.#lastFrame = now;
    for (const side of /** @type {const} */ (['own', 'far'])) {
      const level = scale(levels[side]);
      this.#shown[side] = Math.max(level, this.#shown[side] - fall);
      this.#peak[side] = Math.max(this.#peak[side], level);
    }
    this.#showMeters(now);
    if (now - this.#lastColumn >= 1000 / COLUMNS_PER_SECOND) {
      this.#lastColumn = now;
      this.#columns.push({ ...this.#peak });
      this.#peak = { own: 0, far: 0 };
      if (!this.#still.matches) {
        this.#draw();
      }
    }
    requestAnimationFrame((later) => this.#frame(later));
  }

  /** @param {number} now */
  #showMeters(now) {
    const speak = now - this.#lastSpoken > METER_SPOKEN_MILLIS;
    if (speak) {
      this.#lastSpoken = now;
    }
    for (const side of /** @type {const} */ (['own', 'far'])) {
      const bar = this.#bars[side];
      const fill = bar.firstElementChild;
      if (fill instanceof HTMLElement) {
        fill.style.transform = `scaleX(${this.#shown[side].toFixed(3)})`;
      }
      if (speak) {
        bar.setAttribute('aria-valuenow', String(Math.round(this.#shown[side] * 100)));
      }
    }
  }

  #draw() {
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    const ratio = globalThis.devicePixelRatio || 1;
    this.#canvas.width = Math.round(width * ratio);
    this.#canvas.height = Math.round(height * ratio);
    const pen = this.#canvas.getContext('2d');
    if (!pen || width === 0 || height === 0) {
      return;
    }
    pen.scale(ratio, ratio);
    const colours = getComputedStyle(this.#canvas);
    if (this.#source && !this.#still.matches) {
      this.#drawSound(pen, width, height, colours);
    } else {
      drawRingdown(pen, width, height, colours.getPropertyValue('--own'));
    }
  }

  /**
   * @param {CanvasRenderingContext2D} pen
   * @param {number} width
   * @param {number} height
   * @param {CSSStyleDeclaration} colours
   */
  #drawSound(pen, width, height, colours) {
    const fit = Math.ceil(width / COLUMN_PIXELS);
    this.#columns.splice(0, Math.max(0, this.#columns.length - fit));
    const middle = height / 2;
    const reach = middle - 4;
    const paint = { own: colours.getPropertyValue('--own'), far: colours.getPropertyValue('--far') };
    this.#columns.forEach((column, index) => {
      const x = width - (this.#columns.length - index) * COLUMN_PIXELS;
      pen.globalAlpha = 0.25 + 0.75 * (x / width);
      pen.fillStyle = paint.own;
      pen.fillRect(x, middle - 1 - column.own * reach, COLUMN_PIXELS - 1.5, 1 + column.own * reach);
      pen.fillStyle = paint.far;
      pen.fillRect(x, middle + 1, COLUMN_PIXELS - 1.5, 1 + column.far * reach);
    });
  }
}

/** @param {number} level root mean square @returns {number} of full deflection, by ear: in decibels */
function scale(level) {
  if (level <= 0) {
    return 0;
  }
  return Math.min(1, Math.max(0, 1 - (20 * Math.log10(level) + 6) / FLOOR_DECIBELS));
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {number} width
 * @param {number} height
 * @param {string} colour
 */
function drawRingdown(pen, width, height, colour) {
  pen.strokeStyle = colour;
  pen.lineWidth = 2;
  pen.globalAlpha = 0.5;
  pen.beginPath();
  for (let x = 0; x <= width; x++) {
    const t = x / width;
    const y = height / 2 - Math.sin(t * 2 * Math.PI * 11) * Math.exp(-4.2 * t) * (height * 0.42) * Math.min(1, t * 40);
    pen.lineTo(x, y);
  }
  pen.stroke();
}
