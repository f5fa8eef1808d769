-- Writes the end of a call's audio, once. An end above the tail means that the audio between was lost before it was stored.
-- KEYS: call hash, audio stream. ARGV: writer, expected tail, end, reason, expiry in ms.
-- Returns {'stored' | 'moved', tail, covered, seq} or {'gone' | 'ended' | 'fenced'}.
local call, audio = KEYS[1], KEYS[2]
local known = redis.call('HMGET', call, 'state', 'writer', 'tail', 'covered', 'seq', 'audio_end')
if not known[1] then return {'gone'} end
if known[1] == 'ended' then return {'ended'} end
if known[2] ~= ARGV[1] then return {'fenced'} end
if known[6] then return {'stored', known[3], known[4], known[5]} end
if known[3] ~= ARGV[2] then return {'moved', known[3], known[4], known[5]} end
-- Removes first: after its first write a script may write at maxmemory too.
redis.call('HDEL', call, 'audio_end')
redis.call('HSET', call, 'tail', ARGV[3], 'audio_end', ARGV[4])
local lost = tonumber(ARGV[3]) - tonumber(known[3])
redis.call('XADD', audio, ARGV[3] .. '-1', 'end', ARGV[4], unpack(lost > 0 and {'lost', '1'} or {}))
if lost > 0 then redis.call('HINCRBY', call, 'lost_bytes', string.format('%.0f', lost)) end
redis.call('PEXPIRE', audio, ARGV[5])
return {'stored', ARGV[3], known[4], known[5]}
