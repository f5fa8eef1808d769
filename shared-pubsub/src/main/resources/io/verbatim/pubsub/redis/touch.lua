-- Scores a call as active now, in server time, and removes the calls whose transcript has expired.
-- KEYS: calls. ARGV: call id, retention in ms.
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + tonumber(time[2]) / 1000
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.3f', now - tonumber(ARGV[2])))
redis.call('ZADD', KEYS[1], string.format('%.3f', now), ARGV[1])
return {'touched'}
