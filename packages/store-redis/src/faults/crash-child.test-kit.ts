// A process of its own: connects, does one thing when it is told to, says how that went, and stays until it is ended.
import { crashOperations, createCrashService, LONG_TTL, type Task } from "./crash-operations.test-kit.ts";

const task: Task = JSON.parse(process.argv[2] ?? "");
const { client, sessions } = createCrashService(task, LONG_TTL);
await client.get("connected");
process.send?.({ ready: true });
process.on("message", async (message) => {
  if (message === "stop") await client.close();
  if (message !== "begin") return;
  try {
    const newId = await crashOperations[task.operation]?.(sessions, task.target);
    process.send?.({ isAcknowledged: true, newId });
  } catch {
    process.send?.({ isAcknowledged: false });
  }
});
