-- Removes the older half of a call's unread audio if the server is out of memory; the newest audio stays.
-- KEYS: call hash, audio stream. ARGV: writer, milliseconds of audio to keep.
-- Returns {'trimmed', bytes removed} or {'gone' | 'ended' | 'fenced'}.
local call, audio = KEYS[1], KEYS[2]
local known = redis.call('HMGET', call, 'state', 'writer', 'tail', 'rate')
if not known[1] then return {'gone'} end
if known[1] == 'ended' then return {'ended'} end
if known[2] ~= ARGV[1] then return {'fenced'} end
local function oldest()
  local first = redis.call('XRANGE', audio, '-', '+', 'COUNT', 1)[1]
  if not first or first[2][1] ~= 'pcm' then return nil end
  return tonumber(string.match(first[1], '^%d+')) - #first[2][2]
end
local tail, before = tonumber(known[3]), oldest()
local least = math.floor(tonumber(known[4]) * tonumber(ARGV[2]) / 1000)
if not before or tail - before <= least then return {'trimmed', '0'} end
local middle = math.min(math.floor((before + tail) / 2), tail - least)
redis.call('XTRIM', audio, 'MINID', string.format('%.0f-1', middle))
return {'trimmed', string.format('%.0f', (oldest() or tail) - before)}
