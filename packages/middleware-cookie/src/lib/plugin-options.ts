import { invalidOption } from "@ventostack/auth-core";
import type { RequestCycleOptions } from "./request-cycle.ts";

/** What the plugin of a framework takes. */
export interface PluginOptions<Name extends string = "session", Data extends object = Record<string, unknown>>
  extends RequestCycleOptions<Data> {
  /**
   * The name by which handlers find the session; another one for each further manager of an application, which needs a
   * `cookieName` of its own, too. Default `"session"`.
   */
  as?: Name;
}

/** Throws `INVALID_OPTION` on a name that is none. */
export function splitOptions<Name extends string, Data extends object>({
  as = "session" as Name,
  ...options
}: PluginOptions<Name, Data>): { name: Name; options: RequestCycleOptions<Data> } {
  if (typeof as !== "string" || as === "") throw invalidOption("as", as, "it must be a name");
  return { name: as, options };
}
