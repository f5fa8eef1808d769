-- How many calls more than it has are a worker's share, so that a dead worker's calls spread over the living. The living
-- are those who have asked for something within the lease; who has not for long, and has nothing, is forgotten.
-- KEYS: announcements.  ARGV: group, consumer, lease in ms, silence in ms after which a consumer without calls is forgotten.
-- Returns {'share', calls, server time in ms}.
local time = redis.call('TIME')
local now = time[1] .. string.format('%03d', math.floor(time[2] / 1000))
if redis.call('EXISTS', KEYS[1]) == 0 then return {'share', '1', now} end
local waiting, living, mine = redis.call('XLEN', KEYS[1]), 1, 0
for _, consumer in ipairs(redis.call('XINFO', 'CONSUMERS', KEYS[1], ARGV[1])) do
  local fields = {}
  for i = 1, #consumer, 2 do fields[consumer[i]] = consumer[i + 1] end
  if fields.name == ARGV[2] then mine = fields.pending
  elseif fields.idle < tonumber(ARGV[3]) then living = living + 1
  -- Removing a consumer destroys what is pending for it: only where nothing is.
  elseif fields.pending == 0 and fields.idle > tonumber(ARGV[4]) then
    redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], fields.name)
  end
end
return {'share', string.format('%.0f', math.ceil(waiting / living) - mine), now}
