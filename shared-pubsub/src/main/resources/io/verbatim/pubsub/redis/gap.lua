-- Records that audio will never be transcribed, and moves `covered` of every channel to its end.
-- KEYS: call hash, transcript, live state, audio stream. ARGV: owner, from, to, reason, expiry in ms.
-- Returns {'written' | 'moved', covered} or {'gone' | 'ended' | 'fenced'}.
local call, transcript, live_state, audio = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local known = redis.call('HMGET', call, 'state', 'owner', 'covered', 'channels', 'rate')
if not known[1] then return {'gone'} end
if known[1] == 'ended' then return {'ended'} end
if known[2] ~= ARGV[1] then return {'fenced'} end
if known[3] ~= ARGV[2] then return {'moved', known[3]} end
local from, to = tonumber(ARGV[2]), tonumber(ARGV[3])
local low = nil
redis.call('XTRIM', audio, 'MINID', ARGV[3] .. '-1')
for channel = 0, tonumber(known[4]) - 1 do
  local covered = tonumber(redis.call('HGET', call, 'covered:' .. channel))
  if covered < to then
    covered = to
    redis.call('HSET', call, 'covered:' .. channel, string.format('%.0f', covered))
    redis.call('HDEL', live_state, 'interim:' .. channel)
  end
  low = math.min(low or covered, covered)
end
write_gap(call, transcript, live_state, tonumber(known[5]), from, to, ARGV[4])
if redis.call('PTTL', transcript) < 0 then redis.call('PEXPIRE', transcript, ARGV[5]) end
if redis.call('PTTL', live_state) < 0 then redis.call('PEXPIRE', live_state, ARGV[5]) end
redis.call('HSET', call, 'covered', string.format('%.0f', low), 'takes', '0')
return {'written', string.format('%.0f', low)}
