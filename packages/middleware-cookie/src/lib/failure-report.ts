import { invalidOption } from "@ventostack/auth-core";
import type { RequestView } from "./request-view.ts";

/** Told of what did not stop the request. Never throws. */
export type FailureReport = (error: unknown, request: RequestView) => void;

/** Throws `INVALID_OPTION` where `onFailure` is given and no function. */
export function createFailureReport(
  onFailure: FailureReport = (error) => console.error("[session]", error),
): FailureReport {
  if (typeof onFailure !== "function") throw invalidOption("onFailure", onFailure, "it must be a function");
  return (error, request) => {
    try {
      onFailure(error, request);
    } catch (failure) {
      // A logger that fails costs nobody the answer.
      console.error("[session] onFailure threw", failure);
    }
  };
}
