/** The value of `--name=value` on the command line. */
export function option(name: string, fallback: string): string {
  const start = `--${name}=`;
  return process.argv.find((argument) => argument.startsWith(start))?.slice(start.length) ?? fallback;
}
