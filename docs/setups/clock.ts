let time = Date.now();
export const clock = (): number => time;
/** Moves the clock on by this many seconds. */
export const advance = (seconds: number): void => {
  time += seconds * 1000;
};
