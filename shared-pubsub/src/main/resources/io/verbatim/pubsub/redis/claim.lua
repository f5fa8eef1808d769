-- Assigns a call to a worker: from now on only writes with its owner token are accepted.
-- KEYS: call hash, live state. ARGV: owner, entry of the announcement, force ('1' or '0'), worker, deadline in ms of server
-- time (after it the entry may belong to another worker), the newest format that the worker knows.
-- Counts a failed delivery for the first worker, and if the previous worker died while this was the call that it had begun
-- last. Does not count one for the other calls of that worker, for a worker that claims its own call again, or for a call that
-- is transcribed up to its tail (at most 100 ms remain): such a call waits for audio.
-- Returns {'claimed', {call hash}, {live state}} or {'other', entry} or {'gone' | 'ended' | 'late'} or {'newer', version}.
local call = KEYS[1]
local known = redis.call('HMGET', call, 'state', 'entry', 'begun', 'tail', 'covered', 'audio_end', 'takes', 'rate', 'sent', 'v')
if not known[1] then return {'gone'} end
if known[1] == 'ended' then return {'ended'} end
local time = redis.call('TIME')
local now = time[1] .. string.format('%03d', math.floor(time[2] / 1000))
if known[10] and tonumber(known[10]) > tonumber(ARGV[6]) then return {'newer', known[10]} end
if tonumber(now) > tonumber(ARGV[5]) then return {'late'} end
if known[2] and known[2] ~= ARGV[2] and ARGV[3] ~= '1' then return {'other', known[2]} end
-- Removes first: after its first write a script may write at maxmemory too.
redis.call('HDEL', call, 'owner', 'sent')
redis.call('HSET', call, 'watched', now, 'owner', ARGV[1], 'entry', ARGV[2], 'begun', ARGV[4])
redis.call('HINCRBY', call, 'epoch', 1)
redis.call('HINCRBY', call, 'sent_before', known[9] or '0')
local idle_bytes = tonumber(known[8]) / 10
local idle = tonumber(known[4]) - tonumber(known[5]) <= idle_bytes and not known[6] and known[7] ~= '0'
local failed = not known[3] or (known[3] ~= '' and known[3] ~= ARGV[4])
if failed and not idle then redis.call('HINCRBY', call, 'takes', 1) end
redis.call('HINCRBY', call, 'takings', 1)
return {'claimed', redis.call('HGETALL', call), redis.call('HGETALL', KEYS[2])}
