-- The id of the next transcript entry: its end position where that is above the top, else just behind the top.
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

-- The body of a gap entry, in the call's own milliseconds.
local function gap_body(rate, from, to, reason)
  return string.format('{"startMs":%.0f,"endMs":%.0f,"reason":%s}',
    math.floor(from * 1000 / rate), math.floor(to * 1000 / rate), cjson.encode(reason))
end

