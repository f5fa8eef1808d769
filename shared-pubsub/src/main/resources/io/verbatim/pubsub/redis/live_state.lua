-- Sets one field of the live state, with the transcript's line: by it a reader detects a replaced history before the next
-- entry. Stores the recogniser's state in the call hash too, and whether it is connected: then audio is kept longer.
-- KEYS: call hash, live state. ARGV: owner, field, value, expiry in ms, recogniser connected ('1' or '0').
-- Returns {'written', covered} or {'gone' | 'ended' | 'fenced'}.
local call, live_state = KEYS[1], KEYS[2]
local known = redis.call('HMGET', call, 'state', 'owner', 'covered', 'line')
if not known[1] then return {'gone'} end
if known[1] == 'ended' then return {'ended'} end
if known[2] ~= ARGV[1] then return {'fenced'} end
-- Removes first: after its first write a script may write at maxmemory too.
redis.call('HDEL', live_state, ARGV[2])
redis.call('HSET', live_state, ARGV[2], ARGV[3], 'line', known[4] or '')
if redis.call('PTTL', live_state) < 0 then redis.call('PEXPIRE', live_state, ARGV[4]) end
if ARGV[2] == 'recognizer' then redis.call('HSET', call, 'recognizer', ARGV[3], 'heard', ARGV[5]) end
return {'written', known[3]}
