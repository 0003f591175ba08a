/** `2026-03-04 05:06:07`, in UTC: servers and those who look after them are in many zones. */
export function timestamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, "2026-03-04T05:06:07".length).replace("T", " ");
}

const UNITS: readonly (readonly [name: string, milliseconds: number])[] = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1000],
];

/** `3 h`: in the largest unit of which there is at least one, rounded down. */
export function duration(milliseconds: number): string {
  const [name, size] = UNITS.find(([, unit]) => Math.abs(milliseconds) >= unit) ?? ["ms", 1];
  return `${Math.trunc(milliseconds / size)} ${name}`;
}
