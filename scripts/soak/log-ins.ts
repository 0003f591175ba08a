import type { Seen, SoakEvent } from "./event.ts";

/** Everything that happened to one session through all of its ids. */
export interface LogIn {
  readonly user: string;
  readonly createdAt: number;
  /** With the id that it moved from, and when that began. */
  readonly ids: Map<string, { readonly from?: string; readonly since: number }>;
  readonly events: SoakEvent[];
}

/** Sessions by their log-ins. What happened to ids that nobody was told of is left out. */
export function groupByLogIn(events: readonly SoakEvent[]): LogIn[] {
  const byId = new Map<string, LogIn>();
  const logIns: LogIn[] = [];
  const ordered = [...events].sort((one, other) => one.returnedAt - other.returnedAt);
  for (const event of ordered) {
    const session = sessionIn(event);
    if (session === undefined || byId.has(session.id)) continue;
    const since = event.calledAt;
    if (event.what === "create") {
      const made = {
        user: event.user,
        createdAt: event.returnedAt,
        ids: new Map([[session.id, { since }]]),
        events: [],
      };
      logIns.push(made);
      byId.set(session.id, made);
    } else if (event.what === "regenerate" && event.id !== undefined) {
      const logIn = byId.get(event.id);
      logIn?.ids.set(session.id, { from: event.id, since });
      if (logIn !== undefined) byId.set(session.id, logIn);
    }
  }
  for (const event of ordered) byId.get(event.id ?? sessionIn(event)?.id ?? "")?.events.push(event);
  return logIns;
}

export function sessionIn({ outcome }: SoakEvent): Seen | undefined {
  return outcome.kind === "session" ? outcome.session : undefined;
}
