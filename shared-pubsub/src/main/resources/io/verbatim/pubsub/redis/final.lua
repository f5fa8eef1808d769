-- One step: trims the covered audio, appends the words (if any), removes the channel's interim, moves `covered`.
-- KEYS: call hash, transcript, live state, audio stream. ARGV: owner, channel, from, to, speech or '', expiry in ms, 1 if the
-- words are unconfirmed, else 0.
-- Returns {'written' | 'moved', covered} or {'gone' | 'ended' | 'fenced'}.
local call, transcript, live_state, audio = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local mine = 'covered:' .. ARGV[2]
local known = redis.call('HMGET', call, 'state', 'owner', mine, 'channels')
if not known[1] then return {'gone'} end
if known[1] == 'ended' then return {'ended'} end
if known[2] ~= ARGV[1] then return {'fenced'} end
if known[3] ~= ARGV[3] then return {'moved', known[3]} end
local low = tonumber(ARGV[4])
if known[4] == '2' then
  low = math.min(low, tonumber(redis.call('HGET', call, 'covered:' .. (1 - tonumber(ARGV[2])))))
end
-- Removes first: after its first write a script may append at maxmemory too.
redis.call('XTRIM', audio, 'MINID', string.format('%.0f-1', low))
if ARGV[5] ~= '' then
  local seq = redis.call('HINCRBY', call, 'finals', 1)
  append_entry(call, transcript, live_state, tonumber(ARGV[4]), ARGV[5], 'type', 'final', 'seq', seq, 'data', ARGV[5])
  if redis.call('PTTL', transcript) < 0 then redis.call('PEXPIRE', transcript, ARGV[6]) end
  if redis.call('PTTL', live_state) < 0 then redis.call('PEXPIRE', live_state, ARGV[6]) end
  if ARGV[7] == '1' then redis.call('HINCRBY', call, 'unconfirmed', 1) end
end
redis.call('HDEL', live_state, 'interim:' .. ARGV[2])
redis.call('HSET', call, mine, ARGV[4], 'covered', string.format('%.0f', low), 'takes', '0')
return {'written', ARGV[4]}
