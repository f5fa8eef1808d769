-- Reads the valid API keys if they have changed, and adds the keys that the reader has used.
-- KEYS: api_keys. ARGV: the known version, ids of used keys.
-- Returns {'none'}, {'known', version, validity in ms} or {'changed', version, validity in ms, keys}.
local validity = redis.call('PTTL', KEYS[1])
if validity <= 0 or redis.call('HGET', KEYS[1], 'v') ~= '1' then return {'none'} end
if #ARGV > 1 then
  local used = redis.call('HGET', KEYS[1], 'used') or ''
  for i = 2, #ARGV do
    if not string.find(used, ARGV[i], 1, true) then used = used .. ' ' .. ARGV[i] end
  end
  redis.call('HSET', KEYS[1], 'used', used)
end
local version = redis.call('HGET', KEYS[1], 'version')
if version == ARGV[1] then return {'known', version, validity} end
return {'changed', version, validity, redis.call('HGET', KEYS[1], 'keys')}
