await assert.rejects(session.get(sqlId), { code: "STORE_UNAVAILABLE" });
