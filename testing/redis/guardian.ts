import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Ends the servers when this process ends, however it ends. */
export interface Guardian {
  /** Removed at the end. */
  readonly folder: string;
  /** Ends the process at the end. */
  guard(pid: number): void;
  /** The process has ended: somebody else may get its id. */
  release(pid: number): void;
}

// Its input ends when this process does, even by SIGKILL. SIGKILL also ends a server that SIGSTOP has frozen.
const SCRIPT = `
trap '' HUP INT TERM
pids=' '
while read -r verb pid; do
  case $verb in
    guard) pids="$pids$pid " ;;
    release) case $pids in *" $pid "*) pids="\${pids%% $pid *} \${pids#* $pid }" ;; esac ;;
  esac
done
for pid in $pids; do kill -9 "$pid" 2>/dev/null; done
rm -rf -- "$1"
`;

let guardian: Guardian | undefined;

/** One for the whole process. */
export function getGuardian(): Guardian {
  guardian ??= startGuardian();
  return guardian;
}

function startGuardian(): Guardian {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "ventostack-redis-")));
  const pids = new Set<number>();
  let shell = startShell(folder);
  function tell(verb: string, pid: number): void {
    const hasEnded = shell.exitCode !== null || shell.signalCode !== null;
    if (hasEnded) shell = startShell(folder);
    const lines = hasEnded ? Array.from(pids, (each) => `guard ${each}\n`) : [`${verb} ${pid}\n`];
    void shell.stdin.write(lines.join(""));
    void shell.stdin.flush();
  }
  // The shell would do it a moment later; whoever looks for leftovers looks at once.
  process.on("exit", () => {
    for (const pid of pids) sendSignal(pid, "SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    folder,
    guard(pid) {
      pids.add(pid);
      tell("guard", pid);
    },
    release(pid) {
      pids.delete(pid);
      tell("release", pid);
    },
  };
}

// A test that runs out of time has the processes ended that were started in it, and this may be among them.
function startShell(folder: string): Bun.Subprocess<"pipe", "ignore", "ignore"> {
  const shell = Bun.spawn(["sh", "-c", SCRIPT, "guardian", folder], {
    stdin: "pipe",
    stdout: "ignore",
    stderr: "ignore",
  });
  shell.unref();
  return shell;
}

/** Says whether the process was there to get it. */
export function sendSignal(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
