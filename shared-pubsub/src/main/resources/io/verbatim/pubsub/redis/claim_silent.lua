-- Claims announcements of silent workers. Does nothing after the deadline, because every entry looks idle while Redis stalls.
-- KEYS: announcements. ARGV: group, consumer, silence in ms, cursor, count, deadline in ms of server time.
-- Returns {'claimed', server time in ms, next cursor, {{entry, {field, value, ...}}, ...}} or {'late'}.
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
if now > tonumber(ARGV[6]) then return {'late'} end
local found = redis.call('XAUTOCLAIM', KEYS[1], ARGV[1], ARGV[2], ARGV[3], ARGV[4], 'COUNT', ARGV[5])
return {'claimed', string.format('%.0f', now), found[1], found[2]}
