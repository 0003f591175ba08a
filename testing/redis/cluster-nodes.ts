/** A line of CLUSTER NODES: what one node believes about another, or about itself. */
export interface ClusterNodeView {
  readonly id: string;
  readonly port: number;
  readonly flags: readonly string[];
  /** Of a replica. */
  readonly masterId: string | undefined;
  readonly epoch: number;
  /** First and last of each range. */
  readonly slots: readonly (readonly [number, number])[];
}

// <id> <ip:port@bus[,host]> <flags> <master> <ping-sent> <pong-received> <epoch> <link> <slot> ...
export function parseClusterNodes(text: string): ClusterNodeView[] {
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.map((line) => {
    const [id = "", address = "", flags = "", masterId = "-", , , epoch, , ...slots] = line.split(" ");
    return {
      id,
      port: Number(/:(\d+)@/.exec(address)?.[1]),
      flags: flags.split(","),
      masterId: masterId === "-" ? undefined : masterId,
      epoch: Number(epoch),
      // In brackets are those that are being moved.
      slots: slots.filter((range) => !range.startsWith("[")).map(parseRange),
    };
  });
}

function parseRange(range: string): [number, number] {
  const [first, last = first] = range.split("-").map(Number);
  if (first === undefined || last === undefined) throw new Error(`This is no range of slots: ${range}`);
  return [first, last];
}

export function owns(view: ClusterNodeView, slot: number): boolean {
  return view.slots.some(([first, last]) => first <= slot && slot <= last);
}
