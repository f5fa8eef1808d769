-- Opens a call, or assigns it to a new writer. The announcement follows in a separate step.
-- KEYS: call hash. ARGV: writer, resume ('1' or '0'), tenant, format, bytes per second, channels, expiry in ms, a random value
-- for the start of the transcript's line, the format's version, then further fields and values of the hash.
-- Returns {'opened' | 'resumed', tail, covered, seq, bytes of an incomplete frame} or {'exists' | 'ended' | 'other_tenant' |
-- 'other_format'}.
local call = KEYS[1]
local time = redis.call('TIME')
local now = time[1] .. string.format('%03d', math.floor(time[2] / 1000))
local known = redis.call('HMGET', call, 'state', 'tenant', 'format', 'writer', 'tail', 'covered', 'seq', 'resumed', 'partial')
if known[1] then
  if known[2] ~= ARGV[3] then return {'other_tenant'} end
  if known[1] == 'ended' then return {'ended'} end
  if redis.call('HEXISTS', call, 'audio_end') == 1 then return {'ended'} end
  local again = known[4] == ARGV[1]
  if not again and ARGV[2] ~= '1' then return {'exists'} end
  if known[3] ~= ARGV[4] then return {'other_format'} end
  -- Removes first: after its first write a script may write at maxmemory too.
  if not again then
    redis.call('HDEL', call, 'alive')
    redis.call('HSET', call, 'writer', ARGV[1], 'resumed', '1', 'alive', now)
  end
  return {(again and not known[8]) and 'opened' or 'resumed', known[5], known[6], known[7], known[9] or '0'}
end
redis.call('HSET', call, 'state', 'live', 'tenant', ARGV[3], 'format', ARGV[4], 'rate', ARGV[5], 'channels', ARGV[6],
  'writer', ARGV[1], 'alive', now, 'tail', '0', 'seq', '0', 'partial', '0', 'covered', '0', 'covered:0', '0', 'finals', '0',
  'gap_bytes', '0', 'unconfirmed', '0', 'epoch', '0', 'takes', '0', 'line', ARGV[8], 'v', ARGV[9])
if ARGV[6] == '2' then redis.call('HSET', call, 'covered:1', '0') end
for i = 10, #ARGV, 2 do redis.call('HSET', call, ARGV[i], ARGV[i + 1]) end
redis.call('PEXPIRE', call, ARGV[7])
return {'opened', '0', '0', '0', '0'}
