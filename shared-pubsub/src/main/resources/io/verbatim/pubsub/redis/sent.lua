-- Records how much audio this owner has sent to a recogniser.
-- KEYS: call hash. ARGV: owner, bytes in total.
-- Returns {'written', covered} or {'gone' | 'ended' | 'fenced'}.
local call = KEYS[1]
local known = redis.call('HMGET', call, 'state', 'owner', 'covered')
if not known[1] then return {'gone'} end
if known[1] == 'ended' then return {'ended'} end
if known[2] ~= ARGV[1] then return {'fenced'} end
redis.call('HSET', call, 'sent', ARGV[2])
return {'written', known[3]}
