-- The writer's sign of life.
-- KEYS: call hash, audio stream, transcript, its register.  ARGV: writer, expiry in ms.
-- Answers {'alive', owned ('1' or '0'), covered} or {'gone' | 'ended' | 'fenced'}.
local call = KEYS[1]
local known = redis.call('HMGET', call, 'state', 'writer', 'owner', 'covered')
if not known[1] then return {'gone'} end
if known[1] == 'ended' then return {'ended'} end
if known[2] ~= ARGV[1] then return {'fenced'} end
local time = redis.call('TIME')
redis.call('HSET', call, 'alive', time[1] .. string.format('%03d', math.floor(time[2] / 1000)))
-- A long call outlives the expiry its keys were given; every PEXPIRE rings, so it is renewed late.
if redis.call('PTTL', call) < tonumber(ARGV[2]) / 2 then
  for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, ARGV[2]) end
end
return {'alive', known[3] and '1' or '0', known[4]}
