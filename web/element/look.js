/**
 * How the element looks by itself: system colours, so that it follows the page's `color-scheme` and forced colours, and nothing that
 * moves. A page changes it by the custom properties here, and by parts.
 */
const CSS = `
:host{display:inline-block;font:1rem/1.4 var(--ringdown-font,system-ui,sans-serif)}
:host([hidden]),[hidden],[part~=call]>svg,[part~=call] b,[part~=hangup] slot{display:none!important}
[part=box]{display:inline-flex;flex-direction:column;align-items:flex-start}
button{display:inline-flex;align-items:center;justify-content:center;gap:.5em;font:inherit;min-height:48px;padding:0 1em;border:1px solid #767676;border-radius:var(--ringdown-radius,12px);background:Canvas;color:CanvasText;cursor:pointer;touch-action:manipulation}
button:focus-visible{outline:3px solid CanvasText;outline-offset:2px}
[aria-pressed=true],[aria-expanded=true],[part=key]:active{background:CanvasText;color:Canvas;forced-color-adjust:none}
[part~=button]{border-color:transparent;background:var(--ringdown-color,#0a6b4b);color:var(--ringdown-on-color,#fff);font-weight:600}
[part~=hangup]{background:var(--ringdown-stop,#b3261e);color:#fff}
svg,::slotted(svg){width:1.4em;fill:currentColor}
[part~=hangup] svg{transform:rotate(135deg)}
p{margin:0}
:host(:not([data-state=idle])) [part=panel]{width:15rem;margin:.5rem 0;max-width:calc(100vw - 4rem);padding:1rem;border:1px solid #767676;border-radius:var(--ringdown-radius,12px);background:Canvas;color:CanvasText}
[part=status]{font-weight:600}
[part=controls],[part=keypad]{display:grid;grid-template-columns:1fr 1fr;gap:.5rem;margin-top:.75rem}
[part=keypad]{grid-template-columns:1fr 1fr 1fr;direction:ltr}
[part=time]{font-variant-numeric:tabular-nums}`;

/** @type {CSSStyleSheet | undefined} */
let sheet;

/**
 * Gives it to a shadow root in a way that a Content-Security-Policy without `style-src` allows. Safari before 16.4 has no sheets to
 * adopt: there it is a link, which such a policy has to allow by `style-src blob:`.
 *
 * @param {ShadowRoot} root
 */
export function dress(root) {
  if ('adoptedStyleSheets' in root) {
    if (!sheet) {
      sheet = new CSSStyleSheet();
      sheet.replaceSync(CSS);
    }
    root.adoptedStyleSheets = [sheet];
    return;
  }
  const link = document.createElement('link');
  link.rel = 'stylesheet';
  link.href = URL.createObjectURL(new Blob([CSS], { type: 'text/css' }));
  /** @type {ShadowRoot} */ (root).append(link);
}
