import { type DeviceFields, invalidOption } from "@ventostack/auth-core";
import type { RequestView } from "./request-view.ts";

/** What to note of the device that a request comes from. */
export type DeviceReader = (request: RequestView) => DeviceFields | undefined;

const readUserAgent: DeviceReader = ({ headers }) => ({ userAgent: headers.get("user-agent") });

/** `true` reads the `User-Agent`. Throws `INVALID_OPTION`. */
export function createDeviceReader(device: boolean | DeviceReader = false): DeviceReader {
  if (typeof device === "function") return device;
  if (typeof device !== "boolean")
    throw invalidOption("device", device, "it must be true, false or a function");
  return device ? readUserAgent : () => undefined;
}
