import { fromKeyText, toKeyText } from "./key-text.ts";
import { BATCH, endIsPast, type Operations } from "./operations.ts";
import { type Compile, call, type Operation, type SqlDialect } from "./statement.ts";
import { COLUMNS, toListedSession, toReadableSession, toStoredSession, toValues } from "./stored-row.ts";

/** Typed, since nothing else tells PostgreSQL what a value in a SELECT is. */
const VALUES =
  "CAST($1 AS text), CAST($2 AS text), CAST($3 AS bigint), CAST($4 AS bigint), CAST($5 AS bigint), " +
  "CAST($6 AS bigint), CAST($7 AS bigint), CAST($8 AS text), CAST($9 AS text)";

const REWRITTEN = COLUMNS.split(", ")
  .map((column) => `${column} = excluded.${column}`)
  .join(", ");

/** All but `id`, `expires_at` and `seq`. */
const CONTENT =
  "user_key = $2, absolute_expires_at = $4, created_at = $5, revision = $6, version = $7, data = $8, notes = $9";

/** The end of a session that is used now: `$2` milliseconds from now, but not past its absolute end. */
const EXTENDED =
  "CASE WHEN absolute_expires_at < {now} + CAST($2 AS bigint) THEN absolute_expires_at ELSE {now} + CAST($2 AS bigint) END";

/** `$3`: milliseconds left, above which it stays as it is. */
const IS_DUE = `expires_at - {now} <= CAST($3 AS bigint) AND expires_at < ${EXTENDED}`;

const EXTEND_IF_DUE =
  `UPDATE {table} SET expires_at = ${EXTENDED} WHERE id = $1 AND expires_at > {now} AND ${IS_DUE} ` +
  `RETURNING ${COLUMNS}, true AS extended`;

/**
 * PostgreSQL gives back in the same trip what there was nothing to extend of, as the statement found it at its beginning.
 * One that looks due there was changed or removed by another client meanwhile.
 */
const EXTEND = {
  sqlite: EXTEND_IF_DUE,
  postgres:
    `WITH extended AS (${EXTEND_IF_DUE}) SELECT ${COLUMNS}, extended, false AS outdated FROM extended UNION ALL ` +
    `SELECT ${COLUMNS}, false, ${IS_DUE} FROM {table} WHERE id = $1 AND expires_at > {now} ` +
    "AND NOT EXISTS (SELECT 1 FROM extended)",
};

/**
 * PostgreSQL ends all of them in one statement, which waits for rows that others are changing, and looks at each again as
 * that left it: also at one that has moved to a new id. SQLite does it in parts, oldest first, to let others in between:
 * a session that moves meanwhile becomes the newest.
 */
const DELETE_BY_USER = {
  postgres: "DELETE FROM {table} WHERE user_key = $1 AND id <> $2 RETURNING id, expires_at > {now} AS live",
  sqlite:
    "DELETE FROM {table} WHERE seq IN (SELECT seq FROM {table} WHERE user_key = $1 AND id <> $2 " +
    `ORDER BY seq LIMIT ${BATCH}) RETURNING id, expires_at > {now} AS live`,
};

/**
 * An array, so that PostgreSQL selects once and not for each row. What another instance has locked it is removing; SQLite
 * lets one writer in at a time.
 */
const SWEEP = {
  postgres:
    "DELETE FROM {table} WHERE expires_at <= {now} AND id = ANY(ARRAY(SELECT id FROM {table} " +
    "WHERE expires_at <= {indexed now} ORDER BY expires_at LIMIT $1 FOR UPDATE SKIP LOCKED))",
  sqlite:
    "DELETE FROM {table} WHERE seq IN " +
    "(SELECT seq FROM {table} WHERE expires_at <= {now} ORDER BY expires_at LIMIT $1)",
};

/**
 * On databases that tell what a statement did, by RETURNING: PostgreSQL and SQLite. Each change is one statement with its
 * conditions in it, so no other client can come in between; only what to answer when it did nothing takes a second.
 */
export function createReturningOperations(
  dialect: Exclude<SqlDialect, "mysql">,
  compile: Compile,
): Operations {
  const select = compile(`SELECT ${COLUMNS} FROM {table} WHERE id = $1 AND expires_at > {now}`);
  const insertOrRewriteDead = compile(
    `INSERT INTO {table} AS held (${COLUMNS}) SELECT ${VALUES} WHERE CAST($3 AS bigint) > {now} ` +
      `ON CONFLICT (id) DO UPDATE SET ${REWRITTEN}, seq = {next} WHERE held.expires_at <= {now} RETURNING id`,
  );
  const insertOrRewrite = compile(
    `INSERT INTO {table} AS held (${COLUMNS}) VALUES (${VALUES}) ON CONFLICT (id) DO UPDATE SET ${REWRITTEN}, ` +
      "seq = CASE WHEN held.expires_at > {now} AND held.user_key IS NOT DISTINCT FROM excluded.user_key " +
      "THEN held.seq ELSE {next} END RETURNING id",
  );
  const rewrite = compile(
    `UPDATE {table} SET ${CONTENT}, ` +
      "expires_at = CASE WHEN expires_at > CAST($4 AS bigint) THEN CAST($4 AS bigint) ELSE expires_at END, " +
      "seq = CASE WHEN user_key IS NOT DISTINCT FROM CAST($2 AS text) THEN seq ELSE {next} END " +
      "WHERE id = $1 AND revision = $10 AND expires_at > {now} RETURNING id",
  );
  const move = compile(
    `UPDATE {table} SET ${CONTENT}, id = $1, expires_at = $3, seq = {next} ` +
      "WHERE id = $11 AND revision = $10 AND expires_at > {now} RETURNING id",
  );
  const clearDead = compile("DELETE FROM {table} WHERE id = $1 AND expires_at <= {now} RETURNING id");
  const extend = compile(EXTEND[dialect]);
  const deleteOne = compile("DELETE FROM {table} WHERE id = $1");
  const remove = compile(
    `DELETE FROM {table} WHERE id = $1 RETURNING ${COLUMNS}, expires_at > {now} AS live`,
  );
  const selectByUser = compile(
    `SELECT ${COLUMNS} FROM {table} WHERE user_key = $1 AND expires_at > {now} ORDER BY seq`,
  );
  const deleteByUser = compile(DELETE_BY_USER[dialect]);
  const sweep = compile(SWEEP[dialect]);

  function* load(id: string): ReturnType<Operations["load"]> {
    const [row] = (yield call(select, toKeyText(id))).rows;
    return row === undefined ? null : toStoredSession(row);
  }

  /** Why nothing was written. */
  function* otherwise(id: string): Operation<"changed" | "gone"> {
    return (yield call(select, toKeyText(id))).rows.length === 0 ? "gone" : "changed";
  }

  return {
    load,

    *insert(session) {
      const { rows } = yield call(insertOrRewriteDead, ...toValues(session));
      if (rows.length > 0) return true;
      if ((yield* otherwise(session.id)) === "changed") return false;
      throw endIsPast();
    },

    *set(session) {
      yield call(insertOrRewrite, ...toValues(session));
    },

    *replace(id, session, revision) {
      const values = toValues(session);
      if (session.id === id) {
        const { rows } = yield call(rewrite, ...values, revision);
        return rows.length > 0 ? "replaced" : yield* otherwise(id);
      }
      for (;;) {
        const { rows, isTaken } = yield call(move, ...values, revision, toKeyText(id));
        if (rows.length > 0) return "replaced";
        if (!isTaken) return yield* otherwise(id);
        // What is dead holds no key.
        const cleared = yield call(clearDead, toKeyText(session.id));
        if (cleared.rows.length === 0) return "changed";
      }
    },

    *refresh(id, ttl, whenBelow) {
      for (;;) {
        const [row] = (yield call(extend, toKeyText(id), ttl, whenBelow)).rows;
        if (row === undefined && dialect === "sqlite") {
          const session = yield* load(id);
          return session && { session, extended: false };
        }
        if (row === undefined) return null;
        if (!row.outdated) return { session: toStoredSession(row), extended: Boolean(row.extended) };
      }
    },

    *delete(id) {
      yield call(deleteOne, toKeyText(id));
    },

    *remove(id) {
      const [row] = (yield call(remove, toKeyText(id))).rows;
      return row?.live ? toReadableSession(row) : null;
    },

    *listByUser(userKey) {
      return (yield call(selectByUser, toKeyText(userKey))).rows.map(toListedSession);
    },

    *deleteByUser(userKey, except) {
      const { rows } = yield call(
        deleteByUser,
        toKeyText(userKey),
        except === undefined ? "" : toKeyText(except),
      );
      const ended = rows.filter(({ live }) => live).map(({ id }) => fromKeyText(String(id)));
      return { ended, isComplete: dialect === "postgres" || rows.length < BATCH };
    },

    *sweep(limit) {
      return (yield call(sweep, limit)).changes;
    },
  };
}
