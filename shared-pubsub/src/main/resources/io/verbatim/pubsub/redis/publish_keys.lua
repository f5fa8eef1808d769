-- Publishes the valid API keys, or confirms those that are published.
-- KEYS: api_keys. ARGV: version, validity in ms, the keys or nothing.
-- Returns {'current' | 'unknown' | 'outdated', ids of used keys}.
local used = redis.call('HGET', KEYS[1], 'used') or ''
if used ~= '' then redis.call('HDEL', KEYS[1], 'used') end
local stored = redis.call('HGET', KEYS[1], 'version')
if stored and tonumber(stored) > tonumber(ARGV[1]) then return {'outdated', used} end
if stored ~= ARGV[1] then
  if not ARGV[3] then return {'unknown', used} end
  redis.call('HSET', KEYS[1], 'v', '1', 'version', ARGV[1], 'keys', ARGV[3])
end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return {'current', used}
