-- One step: let the covered audio go, append the words (if any), drop the channel's interim, move `covered`.
-- KEYS: call hash, transcript, its register, audio stream.  ARGV: owner, channel, from, to, speech or '', expiry in ms, 1 where
-- the words are unconfirmed, else 0.
-- Answers {'written' | 'moved', covered} or {'gone' | 'ended' | 'fenced'}.
local call, transcript, register, audio = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
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
-- Removing comes first: once a script has written, Redis lets it append at maxmemory too.
redis.call('XTRIM', audio, 'MINID', string.format('%.0f-1', low))
if ARGV[5] ~= '' then
  local seq = redis.call('HINCRBY', call, 'finals', 1)
  append_entry(call, transcript, register, tonumber(ARGV[4]), ARGV[5], 'type', 'final', 'seq', seq, 'data', ARGV[5])
  if redis.call('PTTL', transcript) < 0 then redis.call('PEXPIRE', transcript, ARGV[6]) end
  if redis.call('PTTL', register) < 0 then redis.call('PEXPIRE', register, ARGV[6]) end
  if ARGV[7] == '1' then redis.call('HINCRBY', call, 'unconfirmed', 1) end
end
redis.call('HDEL', register, 'interim:' .. ARGV[2])
redis.call('HSET', call, mine, ARGV[4], 'covered', string.format('%.0f', low), 'takes', '0')
return {'written', ARGV[4]}
