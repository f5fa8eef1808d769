-- Computes how many more calls are a worker's share, so that calls of a dead worker spread over the live workers. A worker is
-- live if it has sent a command within the lease. A consumer that is silent for long and has no calls is removed.
-- KEYS: announcements. ARGV: group, consumer, lease in ms, silence in ms after which a consumer without calls is removed.
-- Returns {'share', calls, server time in ms}.
local time = redis.call('TIME')
local now = time[1] .. string.format('%03d', math.floor(time[2] / 1000))
if redis.call('EXISTS', KEYS[1]) == 0 then return {'share', '1', now} end
local waiting, live, mine = redis.call('XLEN', KEYS[1]), 1, 0
for _, consumer in ipairs(redis.call('XINFO', 'CONSUMERS', KEYS[1], ARGV[1])) do
  local fields = {}
  for i = 1, #consumer, 2 do fields[consumer[i]] = consumer[i + 1] end
  if fields.name == ARGV[2] then mine = fields.pending
  elseif fields.idle < tonumber(ARGV[3]) then live = live + 1
  -- Removing a consumer also removes its pending entries, so it must have none.
  elseif fields.pending == 0 and fields.idle > tonumber(ARGV[4]) then
    redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], fields.name)
  end
end
return {'share', string.format('%.0f', math.ceil(waiting / live) - mine), now}
