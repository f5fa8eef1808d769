-- Appends audio at the tail that the writer expects. On request it first trims audio beyond the retention.
-- KEYS: call hash, audio stream. ARGV: writer, expected tail, end, id, seq, bytes of an incomplete frame, pcm, arrival in ms,
-- lost bytes before it, expiry in ms; then, to trim: retention in ms, most unread bytes, longest silence of an owner in ms.
-- Returns {'stored', covered}, or {'moved', tail, covered, seq}, or {'gone' | 'ended' | 'fenced'}.
local call, audio = KEYS[1], KEYS[2]
local known = redis.call('HMGET', call, 'tail', 'writer', 'state', 'covered', 'audio_end')
if known[1] ~= ARGV[2] or known[2] ~= ARGV[1] or known[3] ~= 'live' or known[5] then
  if not known[3] then return {'gone'} end
  if known[3] == 'ended' or known[5] then return {'ended'} end
  if known[2] ~= ARGV[1] then return {'fenced'} end
  return {'moved', known[1], known[4], redis.call('HGET', call, 'seq')}
end
-- Trims first: after its first write a script may append at maxmemory too.
if ARGV[11] then
  local keep, owner = tonumber(ARGV[12]), redis.call('HMGET', call, 'rate', 'heard', 'watched')
  local time = redis.call('TIME')
  local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
  -- While the owner is alive and its recogniser is connected, the backlog is kept beyond the retention.
  local connected = owner[2] == '1' and owner[3] and now - tonumber(owner[3]) < tonumber(ARGV[13])
  if not connected then keep = math.min(keep, math.floor(tonumber(owner[1]) * tonumber(ARGV[11]) / 1000)) end
  local oldest = tonumber(ARGV[3]) - keep
  if oldest > 0 then redis.call('XTRIM', audio, 'MINID', string.format('%.0f-1', oldest)) end
end
if ARGV[9] == '0' then
  redis.call('XADD', audio, ARGV[4], 'pcm', ARGV[7], 't', ARGV[8])
else
  redis.call('XADD', audio, ARGV[4], 'pcm', ARGV[7], 't', ARGV[8], 'lost', '1')
  redis.call('HINCRBY', call, 'lost_bytes', ARGV[9])
end
if ARGV[2] == '0' then redis.call('PEXPIRE', audio, ARGV[10]) end
if ARGV[5] == '0' and ARGV[6] == '0' then
  redis.call('HSET', call, 'tail', ARGV[3])
else
  redis.call('HSET', call, 'tail', ARGV[3], 'seq', ARGV[5], 'partial', ARGV[6])
end
return {'stored', known[4]}
