/** What is remembered of visitors, bounded and for a while only. Told the time in milliseconds; asks nobody. */
import { isIP } from 'node:net';

/** Entries of one age each, in the order in which they came; beyond so many, the oldest goes. */
class Lately {
  #kept = new Map();

  constructor(millis, most) {
    this.millis = millis;
    this.most = most;
  }

  get full() {
    return this.#kept.size >= this.most;
  }

  /** What was made for this key within the time, or is made now. */
  of(key, make, now) {
    for (const [each, { until }] of this.#kept) {
      if (until > now) break;
      this.#kept.delete(each);
    }
    if (!this.#kept.has(key)) {
      if (this.full) this.#kept.delete(this.#kept.keys().next().value);
      this.#kept.set(key, { until: now + this.millis, value: make() });
    }
    return this.#kept.get(key).value;
  }
}

/** Clicks of one number within a minute of the first are one wish. */
export class Wishes {
  #lately;

  constructor(millis = 60_000, most = 10_000) {
    this.#lately = new Lately(millis, most);
  }

  /** The Idempotency-Key of this wish. */
  keyOf(number, now) {
    return this.#lately.of(number, () => crypto.randomUUID(), now);
  }
}

/** How often an address may ask within an hour of its first try. */
export class Tries {
  #lately;

  constructor(perHour, most = 10_000) {
    this.perHour = perHour;
    this.#lately = new Lately(3_600_000, most);
  }

  /** Counts a try, and says whether it is one too many. */
  tooOften(address, now) {
    const tries = this.#lately.of(address, () => ({ count: 0 }), now);
    tries.count++;
    return tries.count > this.perHour;
  }
}

/**
 * Where a visitor comes from. Each proxy writes at the end of X-Forwarded-For whom it was asked by; what stands before the entries of
 * your own proxies, anybody may have written.
 *
 * @param peer whom the connection is with
 * @param forwarded the header; undefined: none
 * @param proxies how many proxies of yours a request passes
 */
export function addressOf(peer, forwarded, proxies) {
  const named = proxies > 0 ? (forwarded ?? '').split(',').at(-proxies)?.trim() ?? '' : '';
  return networkOf(isIP(named) ? named : peer);
}

/** Who has an IPv6 address has all of its /64. */
function networkOf(address) {
  if (isIP(address) !== 6 || address.includes('.')) {
    return address;
  }
  const [before, behind = []] = address.split('%')[0].split('::').map((part) => part.split(':').filter(Boolean));
  const zeros = Array(8 - before.length - behind.length).fill('0');
  return [...before, ...zeros, ...behind].slice(0, 4).map((group) => parseInt(group, 16).toString(16)).join(':');
}
