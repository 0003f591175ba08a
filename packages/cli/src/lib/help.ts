export const help = `Looks after the sessions in a store.

  ventostack-auth COMMAND --store URL [options]

Commands
  stats                     how many sessions there are, and when they end
  list --user ID            the user's sessions, newest first; --data shows what they hold
  revoke --user ID          ends all sessions of the user
  revoke --handle HANDLE    ends one session; with --user only if it is that user's
  prune                     Redis: takes out of the users' indexes what stands for no session any more;
                            SQL: removes the rows of sessions that are over
  doctor                    looks for what is wrong with the store, the records, the cookie

Options of every command
  --store URL               redis://, rediss://, redis+cluster://, redis+sentinel://, sqlite:, postgres://,
                            mysql://; default: SESSION_STORE of the environment, where other users of the machine
                            cannot read its password
  --key-prefix TEXT         Redis: the store's keyPrefix; default "session:"
  --table NAME              SQL: the store's table; default "ventostack_sessions"
  --prefix TEXT             the manager's prefix, where it was given one
  --plain-ids               the manager has hashIds: false
  --json                    one JSON value for programs, in place of text for people

Options of doctor
  --read-only               creates no session to try the store with
  --app URL                 a page of the running application, to look at the cookie that it sets
  --body JSON               sent to it with POST: the log-in; "-" reads it from stdin. The session is ended again
  --set-cookie HEADER       a Set-Cookie header to look at, without its value if you like: "sid=; HttpOnly; Secure"
  --cookie-name NAME        default "sid"
  --strict                  warnings, too, make the exit code 1

Exit codes
  0  done; doctor: nothing is wrong
  1  revoke: there was no such session; doctor: something is wrong
  2  the command line cannot be understood
  3  the store cannot be used

No session's id and no password is ever printed.
`;
