/** Chance that can be had again: xorshift32 (Marsaglia, Journal of Statistical Software 8, 2003). */
export class Chance {
  /** @param {number} seed */
  constructor(seed) {
    this.state = (seed * 2654435761) >>> 0 || 1;
  }

  /** A whole number, 0 ≤ n < limit. */
  below(limit) {
    this.state ^= this.state << 13;
    this.state ^= this.state >>> 17;
    this.state ^= this.state << 5;
    this.state >>>= 0;
    return this.state % limit;
  }

  /** True in so many of a hundred cases. */
  percent(chance) {
    return this.below(100) < chance;
  }

  between(least, most) {
    return least + this.below(most - least + 1);
  }

  of(list) {
    return list[this.below(list.length)];
  }
}

/** Runs a property for many seeds; a failure says which one. SEED=n in the environment runs only that one. */
export async function forSeeds(count, property) {
  const only = process.env.SEED;
  const seeds = only ? [Number(only)] : Array.from({ length: count }, (_, i) => i + 1);
  for (const seed of seeds) {
    try {
      await property(new Chance(seed), seed);
    } catch (error) {
      error.message = `SEED=${seed}: ${error.message}`;
      throw error;
    }
  }
}
