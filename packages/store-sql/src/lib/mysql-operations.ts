import type { ReplaceOutcome, StoredSession } from "@ventostack/auth-core";
import { fromKeyText, toKeyText } from "./key-text.ts";
import { BATCH, endIsPast, type Operations } from "./operations.ts";
import { type Compile, call, type Operation, type Row } from "./statement.ts";
import { COLUMNS, toListedSession, toReadableSession, toStoredSession, toValues } from "./stored-row.ts";

const VALUES = "$1, $2, $3, $4, $5, $6, $7, $8, $9";

const CONTENT =
  "absolute_expires_at = $4, created_at = $5, revision = $6, version = $7, data = $8, notes = $9";

/**
 * On MySQL, which does not tell what it removed or wrote, and gives out the numbers by which sessions are in order only
 * to new rows: where a session joins a user it becomes a new row, in a transaction.
 *
 * A change in place is one statement that names what it is based on: it writes one row or none. Where several rows are
 * locked the index is named: MySQL may look through all of a small table otherwise, and wait for rows that are none of its business.
 */
export function createMysqlOperations(compile: Compile): Operations {
  // No gaps between rows need to be locked, so that sessions of other users are in nobody's way.
  const isolate = compile("SET TRANSACTION ISOLATION LEVEL READ COMMITTED");
  const begin = compile("START TRANSACTION");
  const commit = compile("COMMIT");

  const select = compile(
    `SELECT ${COLUMNS}, {now} AS checked_at FROM {table} WHERE id = $1 AND expires_at > {now}`,
  );
  const lock = compile(
    "SELECT seq, user_key, revision, expires_at, expires_at > {now} AS live FROM {table} WHERE id = $1 FOR UPDATE",
  );
  const insert = compile(`INSERT INTO {table} (${COLUMNS}) VALUES (${VALUES})`);
  // Where it would be dead the end becomes NULL, which the column refuses. A condition would take a SELECT, and with it a lock
  // on the table's numbers, in which those who make sessions at once run into each other.
  const insertLive = compile(
    `INSERT INTO {table} (${COLUMNS}) VALUES (${VALUES.replace("$3", "IF($3 > {now}, $3, NULL)")})`,
  );
  const clearDead = compile("DELETE FROM {table} WHERE id = $1 AND expires_at <= {now}");
  const rewrite = compile(`UPDATE {table} SET ${CONTENT}, expires_at = $3 WHERE seq = $10`);
  const rewriteIfSame = compile(
    `UPDATE {table} SET ${CONTENT}, expires_at = LEAST(expires_at, COALESCE($4, expires_at)) ` +
      "WHERE id = $1 AND revision = $10 AND expires_at > {now} AND user_key <=> $2",
  );
  const extend = compile(
    "UPDATE {table} SET expires_at = $4 WHERE id = $1 AND revision = $2 AND expires_at = $3 AND expires_at > {now}",
  );
  const deleteOne = compile("DELETE FROM {table} WHERE id = $1");
  const deleteIfSame = compile("DELETE FROM {table} WHERE id = $1 AND revision = $2 AND expires_at = $3");
  const deleteRow = compile("DELETE FROM {table} WHERE seq = $1");
  const selectByUser = compile(
    `SELECT ${COLUMNS} FROM {table} WHERE user_key = $1 AND expires_at > {now} ORDER BY seq`,
  );
  const lockByUser = compile(
    "SELECT seq, id, expires_at > {now} AS live FROM {table} FORCE INDEX (user_key) WHERE user_key = $1 AND id <> $2 " +
      `ORDER BY seq LIMIT ${BATCH} FOR UPDATE`,
  );
  const lockExpired = compile(
    "SELECT seq FROM {table} FORCE INDEX (expires_at) WHERE expires_at <= {now} ORDER BY expires_at LIMIT $1 FOR UPDATE SKIP LOCKED",
  );
  // Row by row, by the key: for `seq IN (...)` it may look through the whole table.
  const deleteRows = compile(
    "DELETE held FROM JSON_TABLE($1, '$[*]' COLUMNS (seq BIGINT PATH '$')) AS doomed " +
      "STRAIGHT_JOIN {table} AS held ON held.seq = doomed.seq",
  );

  /** What ends without its `commit`, by an error, ends with its connection or is undone by the server. */
  function* inTransaction<Answer>(body: Operation<Answer>): Operation<Answer> {
    yield call(isolate);
    yield call(begin);
    const answer = yield* body;
    yield call(commit);
    return answer;
  }

  function* load(id: string): Operation<StoredSession | null> {
    const [row] = (yield call(select, toKeyText(id))).rows;
    return row === undefined ? null : toStoredSession(row);
  }

  function* removeAll(rows: readonly Row[]): Operation<number> {
    if (rows.length === 0) return 0;
    return (yield call(deleteRows, JSON.stringify(rows.map(({ seq }) => Number(seq))))).changes;
  }

  /** Whether a dead row was under the key, which holds it no longer. */
  function* clear(id: string): Operation<boolean> {
    return (yield call(clearDead, toKeyText(id))).changes > 0;
  }

  function* replaceRow(id: string, session: StoredSession, revision: number): Operation<ReplaceOutcome> {
    const [row] = (yield call(lock, toKeyText(id))).rows;
    if (!row?.live) return "gone";
    if (Number(row.revision) !== revision) return "changed";
    if (session.id !== id) {
      // Before the old row goes, so that there is nothing to undo. Nobody else sees both.
      while ((yield call(insert, ...toValues(session))).isTaken) {
        if (!(yield* clear(session.id))) return "changed";
      }
      yield call(deleteRow, String(row.seq));
      return "replaced";
    }
    yield* rewriteRow(row, { ...session, expiresAt: Number(row.expires_at) });
    return "replaced";
  }

  /** In its place, or as a new row where the session joins another user. */
  function* rewriteRow(row: Row, session: StoredSession): Operation<void> {
    const values = toValues(session);
    if (row.live && row.user_key === values[1]) {
      yield call(rewrite, ...values, String(row.seq));
      return;
    }
    yield call(deleteRow, String(row.seq));
    const { isTaken } = yield call(insert, ...values);
    if (isTaken)
      throw new Error("A session's key was taken while it was being written. Nothing was changed.");
  }

  function* write(session: StoredSession): Operation<boolean> {
    const [row] = (yield call(lock, toKeyText(session.id))).rows;
    if (row === undefined) return !(yield call(insert, ...toValues(session))).isTaken;
    yield* rewriteRow(row, session);
    return true;
  }

  return {
    load,

    *insert(session) {
      for (;;) {
        const { changes, isTaken } = yield call(insertLive, ...toValues(session));
        if (changes > 0) return true;
        if (!isTaken) throw endIsPast();
        if (!(yield* clear(session.id))) return false;
      }
    },

    *set(session) {
      while (!(yield* inTransaction(write(session))));
    },

    *replace(id, session, revision) {
      if (session.id === id) {
        const { changes } = yield call(rewriteIfSame, ...toValues(session), revision);
        if (changes > 0) return "replaced";
      }
      return yield* inTransaction(replaceRow(id, session, revision));
    },

    *refresh(id, ttl, whenBelow) {
      for (;;) {
        const [row] = (yield call(select, toKeyText(id))).rows;
        if (row === undefined) return null;
        const session = toStoredSession(row);
        const now = Number(row.checked_at);
        const end = Math.min(now + ttl, session.absoluteExpiresAt ?? Number.POSITIVE_INFINITY);
        if (session.expiresAt - now > whenBelow || end <= session.expiresAt)
          return { session, extended: false };
        const { changes } = yield call(extend, toKeyText(id), session.revision, session.expiresAt, end);
        if (changes > 0) return { session: { ...session, expiresAt: end }, extended: true };
      }
    },

    *delete(id) {
      yield call(deleteOne, toKeyText(id));
    },

    *remove(id) {
      for (;;) {
        const [row] = (yield call(select, toKeyText(id))).rows;
        if (row === undefined) return null;
        const { revision, expires_at } = row;
        const { changes } = yield call(deleteIfSame, toKeyText(id), String(revision), String(expires_at));
        if (changes > 0) return toReadableSession(row);
      }
    },

    *listByUser(userKey) {
      return (yield call(selectByUser, toKeyText(userKey))).rows.map(toListedSession);
    },

    *deleteByUser(userKey, except) {
      return yield* inTransaction(
        (function* () {
          const { rows } = yield call(
            lockByUser,
            toKeyText(userKey),
            except === undefined ? "" : toKeyText(except),
          );
          yield* removeAll(rows);
          const ended = rows.filter(({ live }) => live).map(({ id }) => fromKeyText(String(id)));
          return { ended, isComplete: rows.length < BATCH };
        })(),
      );
    },

    *sweep(limit) {
      return yield* inTransaction(
        (function* () {
          return yield* removeAll((yield call(lockExpired, limit)).rows);
        })(),
      );
    },
  };
}
