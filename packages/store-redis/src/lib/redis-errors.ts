import { corrupt } from "./record.ts";

/** A key that is there but holds something else than text is a record that cannot be read, not a store that is down. */
export function toRecordError(error: unknown): never {
  throw error instanceof Error && error.message.includes("WRONGTYPE") ? corrupt(error) : error;
}

/** Where one of many cannot be read, the others are not kept waiting for its repair. */
export async function unlessUnreadable<Answer, Otherwise>(
  answer: Promise<Answer>,
  otherwise: Otherwise,
): Promise<Answer | Otherwise> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "CORRUPT_RECORD") return otherwise;
    throw error;
  }
}
