// Below what systems give to outgoing connections, so that a server can come back on its port; and so that the port of
// the cluster bus, 10000 above, is below it too.
const FIRST = 11_000;
const COUNT = 11_000;

/** A port that is likely to be free. Whoever listens on it has to try another one if it is not. */
export function pickPort(): number {
  return FIRST + Math.floor(Math.random() * COUNT);
}
