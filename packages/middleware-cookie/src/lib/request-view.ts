/** What the session's life-cycle reads of a request: a `Request`, or as much of one as another kind of server has. */
export interface RequestView {
  readonly method: string;
  /** With scheme and host. */
  readonly url: string;
  readonly headers: Pick<Headers, "get">;
}
