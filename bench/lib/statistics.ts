export interface Spread {
  readonly median: number;
  /** Quartiles: half of the rounds lie between. */
  readonly low: number;
  readonly high: number;
}

/** The value below which this share of the values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  const at = (sorted.length - 1) * share;
  const below = sorted[Math.floor(at)] ?? Number.NaN;
  const above = sorted[Math.ceil(at)] ?? Number.NaN;
  return below + (above - below) * (at - Math.floor(at));
}

export function spreadOf(values: readonly number[]): Spread {
  return {
    median: rounded(quantile(values, 0.5)),
    low: rounded(quantile(values, 0.25)),
    high: rounded(quantile(values, 0.75)),
  };
}

/** To four digits: the rest is noise, and a result file is read by people too. */
function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
