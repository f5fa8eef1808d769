-- Ends the audio of a call whose writer has been silent too long, as the call's owner. The check itself is the owner's
-- heartbeat. The silence counts only while Redis answers this owner: after a pause of Redis every heartbeat looks old.
-- KEYS: call hash, audio stream.
-- ARGV: owner, silence in ms, reason, expiry in ms, first check, last check, longest interval between checks in ms.
-- Returns {'abandoned'} or {'waiting', first check, last check} or {'gone' | 'ended' | 'fenced'}.
local call, audio = KEYS[1], KEYS[2]
local known = redis.call('HMGET', call, 'state', 'owner', 'alive', 'tail', 'audio_end', 'covered')
if not known[1] then return {'gone'} end
if known[1] == 'ended' then return {'ended'} end
if known[2] ~= ARGV[1] then return {'fenced'} end
if known[5] then return {'abandoned'} end
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local since, silence = tonumber(ARGV[5]), tonumber(ARGV[2])
if now - tonumber(ARGV[6]) > tonumber(ARGV[7]) then since = now end
-- Removes first: after its first write a script may write at maxmemory too.
redis.call('HDEL', call, 'watched')
redis.call('HSET', call, 'watched', string.format('%.0f', now))
if now - since < silence or now - tonumber(known[3]) < silence then
  return {'waiting', string.format('%.0f', since), string.format('%.0f', now)}
end
-- If the log has lost audio, `covered` may be above the tail. No reader would receive an end below it.
local last = string.format('%.0f', math.max(tonumber(known[4]), tonumber(known[6])))
redis.call('HSET', call, 'audio_end', ARGV[3], 'abandoned', '1', 'tail', last)
redis.call('XADD', audio, last .. '-1', 'end', ARGV[3])
redis.call('PEXPIRE', audio, ARGV[4])
return {'abandoned'}
