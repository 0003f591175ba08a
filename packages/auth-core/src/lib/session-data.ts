import { SessionError } from "./session-error.ts";

export type JsonObject = Record<string, unknown>;

/** Deeper nesting has no use in a session, and would let a request body exhaust the stack. */
const MAX_DEPTH = 500;

/** What `JSON.stringify` turns into an object without its content, by their string tag. */
const REFUSED_OBJECTS = /^(?!Object$|Arguments$|Array$)/;

/**
 * A copy of the data as JSON would carry it, so that every store gives back the same. Refuses with `INVALID_DATA`
 * what JSON would lose in silence: `NaN`, infinities, `BigInt`, functions, symbols, cycles, `undefined` in a list,
 * `Map`, `Set`, typed arrays and other objects whose content is not in their properties. A `Date`, and anything
 * else with `toJSON`, becomes what that gives; properties that are `undefined` are left out; a `__proto__` key is
 * dropped at any depth (ASVS 5.0 15.3.6).
 */
export function toJsonData(data: unknown): JsonObject {
  const copy = readable(() => copyValue(data, "", "data", []));
  if (typeof copy !== "object" || copy === null || Array.isArray(copy)) {
    throw invalid("data", `is ${describe(data)}`, "pass an object");
  }
  return copy as JsonObject;
}

/** A patch as it was when it was passed in: what to set, and which keys to remove. */
export interface DataPatch {
  readonly set: Readonly<JsonObject>;
  readonly remove: readonly string[];
}

/** Copies the patch like {@link toJsonData}; top-level keys whose value is `undefined` are to be removed. */
export function toDataPatch(patch: object): DataPatch {
  const given = readable(() => resolveToJson(patch, "", "data")) as object;
  const set = toJsonData(given);
  return { set, remove: Object.keys(given).filter((key) => !Object.hasOwn(set, key)) };
}

/** What `read` gives; what a getter or a proxy throws meanwhile is `INVALID_DATA`. */
function readable(read: () => unknown): unknown {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof SessionError) throw cause;
    throw invalid("data", "has a part that throws when it is read", "pass the values themselves", cause);
  }
}

/** The data with the patch's top-level keys in place of its own. Neither argument is changed. */
export function applyPatch(data: Readonly<JsonObject>, patch: DataPatch): JsonObject {
  const merged = { ...data, ...patch.set };
  for (const key of patch.remove) delete merged[key];
  return merged;
}

function copyValue(value: unknown, key: string, path: string, ancestors: object[]): unknown {
  const plain = resolveToJson(value, key, path);
  switch (typeof plain) {
    case "string":
    case "boolean":
    case "undefined":
      return plain;
    case "number":
      if (!Number.isFinite(plain)) throw invalid(path, `is ${plain}`, "use null or leave it out");
      return plain === 0 ? 0 : plain; // JSON knows no -0
    case "object":
      return plain === null ? null : copyObject(plain, path, ancestors);
    default:
      throw invalid(path, `is ${describe(plain)}`, "turn it into a string or leave it out");
  }
}

/** What `toJSON` makes of the value, and a primitive out of its wrapper object. */
function resolveToJson(value: unknown, key: string, path: string): unknown {
  if (typeof value !== "object" || value === null) return value;
  if ("toJSON" in value && typeof value.toJSON === "function") {
    try {
      return value.toJSON(key);
    } catch (cause) {
      throw invalid(path, "has a toJSON that throws", "pass what it should give", cause);
    }
  }
  if (value instanceof Number || value instanceof String || value instanceof Boolean) return value.valueOf();
  return value;
}

function copyObject(value: object, path: string, ancestors: object[]): unknown {
  if (ancestors.includes(value)) throw invalid(path, "contains itself", "store the parts that are needed");
  if (ancestors.length === MAX_DEPTH) {
    throw invalid("data", `is nested deeper than ${MAX_DEPTH} levels`, "store something flatter");
  }
  const tag = Object.prototype.toString.call(value).slice(8, -1);
  if (ArrayBuffer.isView(value) || REFUSED_OBJECTS.test(tag)) {
    throw invalid(path, `is ${describe(value)}`, "turn it into a plain object, an array or a string");
  }
  ancestors.push(value);
  const copy = Array.isArray(value)
    ? copyArray(value, path, ancestors)
    : copyProperties(value, path, ancestors);
  ancestors.pop();
  return copy;
}

function copyProperties(value: object, path: string, ancestors: object[]): JsonObject {
  const copy: JsonObject = {};
  for (const key of Object.keys(value)) {
    if (key === "__proto__") continue;
    const copied = copyValue(readProperty(value, key, path), key, `${path}.${key}`, ancestors);
    if (copied !== undefined) copy[key] = copied;
  }
  const symbol = Object.getOwnPropertySymbols(value).find((name) =>
    Object.prototype.propertyIsEnumerable.call(value, name),
  );
  if (symbol) throw invalid(path, `has the key ${String(symbol)}`, "use a string as key");
  return copy;
}

function copyArray(list: readonly unknown[], path: string, ancestors: object[]): unknown[] {
  // The items' indexes come first; what follows them JSON would leave out.
  const further = Object.keys(list)[list.length];
  if (further !== undefined)
    throw invalid(path, `has the key ${further}`, "pass the items alone, or an object");
  // Not `map`: it passes over the holes of a sparse list, which JSON turns into null.
  return Array.from(list, (item, index) => {
    const copied = copyValue(item, String(index), `${path}[${index}]`, ancestors);
    if (copied === undefined) throw invalid(`${path}[${index}]`, "is undefined", "use null or leave it out");
    return copied;
  });
}

function readProperty(value: object, key: string, path: string): unknown {
  try {
    return Reflect.get(value, key);
  } catch (cause) {
    throw invalid(`${path}.${key}`, "has a getter that throws", "pass the value itself", cause);
  }
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value !== "object") return `a ${typeof value}`;
  const name = Object.prototype.toString.call(value).slice(8, -1);
  return /^[AEIOU]/.test(name) ? `an ${name}` : `a ${name}`;
}

function invalid(path: string, what: string, remedy: string, cause?: unknown): SessionError {
  const message = `Session data is JSON, and ${path} ${what}: ${remedy}.`;
  return new SessionError("INVALID_DATA", message, cause === undefined ? undefined : { cause });
}
