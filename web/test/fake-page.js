/** As much of a document as an element without a browser needs: nothing is laid out, found by selector, or seen. */

/** A node with attributes and children. */
export class FakeElement extends EventTarget {
  #attributes = new Map();
  children = [];
  textContent = '';
  isConnected = true;

  getAttribute(name) {
    return this.#attributes.get(name) ?? null;
  }

  setAttribute(name, value) {
    this.#attributes.set(name, `${value}`);
  }

  hasAttribute(name) {
    return this.#attributes.has(name);
  }

  append(...children) {
    this.children.push(...children);
  }

  attachShadow() {
    return Object.assign(new FakeElement(), { adoptedStyleSheets: [] });
  }

  closest() {
    return null;
  }

  focus() {}
}

/** Puts a document and what belongs to it where a browser has them, for good. */
export function fakePage() {
  const create = () => new FakeElement();
  Object.assign(globalThis, {
    HTMLElement: FakeElement,
    CSSStyleSheet: class {
      replaceSync() {}
    },
    document: { createElement: create, createElementNS: create, documentElement: { lang: 'en' } },
  });
  Object.defineProperty(globalThis, 'navigator', { value: { languages: ['en'] }, configurable: true });
}
