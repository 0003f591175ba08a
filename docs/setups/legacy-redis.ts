import { createClient } from "redis";

const client = createClient();
