import { defineScript } from "./redis-script.ts";

// Each script sees one key. They read and write the fixed start of a record (see record.ts): its `exp` is at 14 to 26,
// its `idx` at 34 to 46, counted from 1. A record of another version does not match, and is left alone.

/** Milliseconds by the server's clock, which alone decides when a key expires. */
const NOW = "local n=redis.call('TIME') local now=n[1]*1000+math.floor(n[2]/1000)";

/**
 * Writes a record that is to live until its own `exp`. ARGV: record, "NX" or "". 1: written; 0: there is one already;
 * -1: its end is past by the server's clock, where SET would answer OK and keep nothing.
 */
export const WRITE = defineScript(`
${NOW}
local e=string.sub(ARGV[1],14,26)
if tonumber(e)<=now then return -1 end
if ARGV[2]=='NX' then
  if redis.call('SET',KEYS[1],ARGV[1],'NX','PXAT',e) then return 1 end
  return 0
end
redis.call('SET',KEYS[1],ARGV[1],'PXAT',e)
return 1
`);

/**
 * Reads, and extends where no more than the given time is left. ARGV: ttl, threshold (both ms); after the index was
 * extended also the new `idx` and the `rev` that it was done for. The record and: 1 extended, 0 not due, 2 the index
 * would end before the session and has to be extended first. nil: no such session.
 */
export const REFRESH = defineScript(`
local v=redis.call('GET',KEYS[1])
if not v then return false end
local e,i,r,a=string.match(v,'^{"v":1,"exp":(%d+),"idx":(%d+),"rev":(%d+),"abs":(%d+),')
if not e then return {v,0} end
${NOW}
e=tonumber(e) i=tonumber(i) a=tonumber(a)
local t=now+tonumber(ARGV[1])
if a>0 and a<t then t=a end
if t>9999999999999 then t=9999999999999 end
if t<=e or e-now>tonumber(ARGV[2]) then return {v,0} end
if ARGV[4]==r then
  i=tonumber(ARGV[3])
  redis.call('SETRANGE',KEYS[1],33,ARGV[3])
  v=string.sub(v,1,33)..ARGV[3]..string.sub(v,47)
end
if t>i then return {v,2} end
local s=string.format('%.0f',t)
redis.call('SETRANGE',KEYS[1],13,s)
redis.call('PEXPIREAT',KEYS[1],s)
return {string.sub(v,1,13)..s..string.sub(v,27),1}
`);

/**
 * Compare-and-set that keeps the lifetime. ARGV: expected `rev`, record, "known" where the record's own `idx` holds for
 * its user. 1, the user before, as JSON text, and the server's time: written; 0: gone; 2: changed; 3: the user
 * would change, whose set has to be extended first.
 */
export const REPLACE = defineScript(`
${NOW}
local v=redis.call('GET',KEYS[1])
if not v then return {0} end
local e,i,r,u=string.match(v,'^{"v":1,"exp":(%d+),"idx":(%d+),"rev":(%d+),"abs":%d+,"created":%d+,"user":(.-),"data":')
if r~=ARGV[1] then return {2} end
local w=ARGV[2]
if ARGV[3]=='known' then
  i=string.sub(w,34,46)
  if tonumber(e)>tonumber(i) then return {2} end
elseif string.match(w,'"user":(.-),"data":')~=u then
  return {3}
end
redis.call('SET',KEYS[1],string.sub(w,1,13)..e..string.sub(w,27,33)..i..string.sub(w,47),'XX','KEEPTTL')
return {1,u,string.format('%.0f',now)}
`);

/** Compare-and-delete. ARGV: expected `rev`. 1 and the user as JSON text: deleted; 0: gone; 2: changed. */
export const REMOVE = defineScript(`
local v=redis.call('GET',KEYS[1])
if not v then return {0} end
local r,u=string.match(v,'^{"v":1,"exp":%d+,"idx":%d+,"rev":(%d+),"abs":%d+,"created":%d+,"user":(.-),"data":')
if r~=ARGV[1] then return {2} end
redis.call('DEL',KEYS[1])
return {1,u}
`);

const OWNER = `'^{"v":1,"exp":%d+,"idx":%d+,"rev":%d+,"abs":%d+,"created":%d+,"user":(.-),"data":'`;

/** Whose a session is. ARGV: the user as JSON text. 1: that user's; 0: gone; -1: another's; -2: no record of this version. */
export const IS_OF_USER = defineScript(`
local v=redis.call('GET',KEYS[1])
if not v then return 0 end
local u=string.match(v,${OWNER})
if not u then return -2 end
if u~=ARGV[1] then return -1 end
return 1
`);

/** Deletes where the session is the user's. ARGV and answers as above; 1 and the record's `old`: deleted. */
export const REMOVE_OF_USER = defineScript(`
local v=redis.call('GET',KEYS[1])
if not v then return {0} end
local u=string.match(v,${OWNER})
if not u then return {-2} end
if u~=ARGV[1] then return {-1} end
redis.call('DEL',KEYS[1])
return {1,string.match(v,',"old":"([%w_-]+)"}$') or ''}
`);

/**
 * Adds a session to a user's set and lets the set live at least as long. ARGV: session, lifetime (ms), "NX" or "CH":
 * one that is there already keeps its place, or moves to the end. How many it holds, and until when it lives (ms since
 * the epoch). Each joins after all that are there, also within a millisecond or when the clock has gone back: whoever
 * goes through the set meets a session's old id before its new one.
 */
export const INDEX = defineScript(`
${NOW}
local s=now
local l=redis.call('ZREVRANGE',KEYS[1],0,0,'WITHSCORES')
if l[2] and tonumber(l[2])>=s then s=tonumber(l[2])+0.001 end
redis.call('ZADD',KEYS[1],ARGV[3],string.format('%.3f',s),ARGV[1])
local t=tonumber(ARGV[2])
local p=redis.call('PTTL',KEYS[1])
if p<t then
  redis.call('PEXPIRE',KEYS[1],ARGV[2])
  p=t
end
return {redis.call('ZCARD',KEYS[1]),string.format('%.0f',now+p)}
`);

/** The server's time, then a user's set as members and their ages in milliseconds, oldest first. */
export const MEMBERS = defineScript(`
${NOW}
local m=redis.call('ZRANGE',KEYS[1],0,-1,'WITHSCORES')
for k=2,#m,2 do m[k]=string.format('%.0f',now-tonumber(m[k])) end
table.insert(m,1,string.format('%.0f',now))
return m
`);

/** Removes sessions from a user's set but for those that joined at the given time or later. ARGV: time, sessions. */
export const LEAVE = defineScript(`
local t=tonumber(ARGV[1])
for k=2,#ARGV do
  local s=redis.call('ZSCORE',KEYS[1],ARGV[k])
  if s and tonumber(s)<t then redis.call('ZREM',KEYS[1],ARGV[k]) end
end
return 1
`);
