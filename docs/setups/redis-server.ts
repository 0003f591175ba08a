// Where the code says it is.
await startRedis(6379);
