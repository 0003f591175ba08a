process.env.SESSION_STORE = `sqlite:${folder}/sessions.db`;
