-- The id of the next transcript entry: its end position if that is above the top, else the id after the top.
local function next_id(transcript, position)
  local top = redis.call('XREVRANGE', transcript, '+', '-', 'COUNT', 1)
  local ms, n = 0, 0
  if top[1] then
    local a, b = string.match(top[1][1], '^(%d+)%-(%d+)$')
    ms, n = tonumber(a), tonumber(b)
  end
  if position > ms then return string.format('%.0f-0', position) end
  return string.format('%.0f-%.0f', ms, n + 1)
end

-- Appends an entry and links it to the previous one: `after` is the call's line, and the new line is derived from it, the
-- entry's id and its data. An entry that is written again unchanged gets the same line. The live state stores the line too.
-- `at` is the server's time in milliseconds, for measurements only: it is not part of the line.
local function append_entry(call, transcript, live_state, position, data, ...)
  local after = redis.call('HGET', call, 'line') or ''
  local id = next_id(transcript, position)
  local line = string.sub(redis.sha1hex(after .. id .. data), 1, 12)
  local time = redis.call('TIME')
  local at = time[1] .. string.format('%03d', math.floor(time[2] / 1000))
  redis.call('XADD', transcript, id, 'v', '1', 'after', after, 'line', line, 'at', at, ...)
  redis.call('HSET', call, 'line', line)
  redis.call('HSET', live_state, 'line', line)
end

-- Writes a gap with its end as the id, in milliseconds of the call, and counts it in bytes and in the same milliseconds, so
-- that the ledger equals the sum of the gaps.
local function write_gap(call, transcript, live_state, rate, from, to, reason)
  local first, last = math.floor(from * 1000 / rate), math.floor(to * 1000 / rate)
  local data = string.format('{"startMs":%.0f,"endMs":%.0f,"reason":%s}', first, last, cjson.encode(reason))
  append_entry(call, transcript, live_state, to, data, 'type', 'gap', 'data', data)
  redis.call('HINCRBY', call, 'gap_bytes', string.format('%.0f', to - from))
  redis.call('HINCRBY', call, 'gap_ms', string.format('%.0f', last - first))
end

