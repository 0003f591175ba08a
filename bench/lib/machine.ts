import { cpus, totalmem } from "node:os";

/** What figures depend on. Neither names nor addresses of the machine. */
export interface Machine {
  readonly date: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memory: string;
  readonly system: string;
  readonly bun: string;
  readonly redis: string;
}

export function describeMachine(): Machine {
  const [first] = cpus();
  return {
    date: new Date().toISOString().slice(0, 10),
    cpu: first?.model.trim() ?? "unknown",
    cores: cpus().length,
    memory: `${Math.round(totalmem() / 2 ** 30)} GB`,
    system: `${process.platform} ${process.arch}`,
    bun: Bun.version,
    redis: versionOf(["redis-server", "--version"], /v=(\S+)/),
  };
}

function versionOf(command: string[], pattern: RegExp): string {
  const { stdout } = Bun.spawnSync(command, { stdout: "pipe", stderr: "ignore" });
  return pattern.exec(stdout.toString())?.[1] ?? "unknown";
}
