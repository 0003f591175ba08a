const unused = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
const redisPort = unused.port;
unused.stop();
process.env.REDIS_URL = await startRedis(redisPort);
