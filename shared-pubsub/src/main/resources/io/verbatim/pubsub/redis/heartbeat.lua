-- Records the writer's heartbeat. The owner's heartbeat is its last check of the writer.
-- KEYS: call hash, audio stream, transcript, live state. ARGV: writer, expiry in ms, longest silence of an owner in ms.
-- Returns {'recorded', owned ('1' or '0'), covered, tail, whether the audio has its end ('1' or '0')} or {'gone' | 'ended' |
-- 'fenced'}.
local call = KEYS[1]
local known = redis.call('HMGET', call, 'state', 'writer', 'watched', 'covered', 'tail', 'audio_end')
if not known[1] then return {'gone'} end
if known[1] == 'ended' then return {'ended'} end
if known[2] ~= ARGV[1] then return {'fenced'} end
local time = redis.call('TIME')
local now = time[1] .. string.format('%03d', math.floor(time[2] / 1000))
-- Removes first: after its first write a script may write at maxmemory too.
redis.call('HDEL', call, 'alive')
redis.call('HSET', call, 'alive', now)
-- A long call outlives the initial expiry of its keys. Each PEXPIRE causes invalidations, so the expiry is renewed late.
if redis.call('PTTL', call) < tonumber(ARGV[2]) / 2 then
  for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, ARGV[2]) end
end
local owned = known[3] and tonumber(now) - tonumber(known[3]) < tonumber(ARGV[3])
return {'recorded', owned and '1' or '0', known[4], known[5], known[6] and '1' or '0'}
