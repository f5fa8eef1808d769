-- Appends audio at the tail the writer believes in, after letting go what is older than the retention.
-- KEYS: call hash, audio stream.  ARGV: writer, expected tail, end, seq, pcm, arrival in ms, retention in ms, expiry in ms.
-- Answers {'stored' | 'moved', tail, covered, seq} or {'gone' | 'ended' | 'fenced'}.
local call, audio = KEYS[1], KEYS[2]
local known = redis.call('HMGET', call, 'state', 'writer', 'tail', 'covered', 'seq', 'rate', 'audio_end')
if not known[1] then return {'gone'} end
if known[1] == 'ended' or known[7] then return {'ended'} end
if known[2] ~= ARGV[1] then return {'fenced'} end
if known[3] ~= ARGV[2] then return {'moved', known[3], known[4], known[5]} end
local last = tonumber(ARGV[3])
local oldest = last - math.floor(tonumber(known[6]) * tonumber(ARGV[7]) / 1000)
-- Removing comes first: once a script has written, Redis lets it append at maxmemory too.
if oldest > 0 then redis.call('XTRIM', audio, 'MINID', string.format('%.0f-1', oldest)) end
redis.call('XADD', audio, ARGV[3] .. '-0', 'pcm', ARGV[5], 't', ARGV[6])
if known[3] == '0' then redis.call('PEXPIRE', audio, ARGV[8]) end
redis.call('HSET', call, 'tail', ARGV[3], 'seq', ARGV[4])
return {'stored', ARGV[3], known[4], ARGV[4]}
