import express from "express";
import { greeting, userOf } from "../user.ts";
import { listening } from "./listening.ts";

const user = userOf({ email: "ada@example.com" });

/** No session at all: what Express costs by itself. */
export function start(): Promise<number> {
  const app = express();
  app.get("/me", (_, response) => void response.json(user));
  app.get("/hello", (_, response) => void response.json(greeting));
  return listening(app.listen(0));
}
