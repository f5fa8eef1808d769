-- Appends audio at the tail the writer believes in, after letting go what is older than may be kept: the retention, or
-- all that the writer has room for while an owner who shows signs of life has the call heard.
-- KEYS: call hash, audio stream.  ARGV: writer, expected tail, end, seq, bytes of an unfinished frame, pcm, arrival in ms,
-- retention in ms, most unread bytes, the owner's longest silence in ms, expiry in ms.
-- Answers {'stored' | 'moved', tail, covered, seq} or {'gone' | 'ended' | 'fenced'}.
local call, audio = KEYS[1], KEYS[2]
local known = redis.call('HMGET', call, 'state', 'writer', 'tail', 'covered', 'seq', 'rate', 'audio_end', 'heard', 'watched')
if not known[1] then return {'gone'} end
if known[1] == 'ended' or known[7] then return {'ended'} end
if known[2] ~= ARGV[1] then return {'fenced'} end
if known[3] ~= ARGV[2] then return {'moved', known[3], known[4], known[5]} end
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local keep = tonumber(ARGV[9])
local heard = known[8] == '1' and known[9] and now - tonumber(known[9]) < tonumber(ARGV[10])
if not heard then keep = math.min(keep, math.floor(tonumber(known[6]) * tonumber(ARGV[8]) / 1000)) end
local oldest = tonumber(ARGV[3]) - keep
-- Removing comes first: once a script has written, Redis lets it append at maxmemory too.
if oldest > 0 then redis.call('XTRIM', audio, 'MINID', string.format('%.0f-1', oldest)) end
local lost = tonumber(ARGV[3]) - #ARGV[6] - tonumber(known[3])
redis.call('XADD', audio, ARGV[3] .. '-0', 'pcm', ARGV[6], 't', ARGV[7], unpack(lost > 0 and {'lost', '1'} or {}))
if lost > 0 then redis.call('HINCRBY', call, 'lost_bytes', string.format('%.0f', lost)) end
if known[3] == '0' then redis.call('PEXPIRE', audio, ARGV[11]) end
redis.call('HSET', call, 'tail', ARGV[3], 'seq', ARGV[4], 'partial', ARGV[5])
return {'stored', ARGV[3], known[4], ARGV[4]}
