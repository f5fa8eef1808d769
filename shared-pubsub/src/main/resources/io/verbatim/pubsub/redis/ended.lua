-- Ends a transcript, once: what is not covered becomes unconfirmed words as far as they reach and a gap behind them, then
-- comes the last entry.
-- KEYS: call hash, transcript, its register, audio stream.  ARGV: owner, end, reason, retention in ms, reason of a gap for
-- the rest, how far the unconfirmed words reach, where the owner believes each channel's words end (comma between them; empty
-- for wherever they do), whether the call is given up ('1' or '0'), then the unconfirmed words.
-- Answers {'written' | 'moved', covered} or {'gone' | 'ended' | 'fenced'}.
local call, transcript, register, audio = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local known = redis.call('HMGET', call, 'state', 'owner', 'covered', 'channels', 'rate', 'tail')
if not known[1] then return {'gone'} end
if known[1] == 'ended' then return {'ended'} end
if known[2] ~= ARGV[1] then return {'fenced'} end
local channel = 0
for believed in string.gmatch(ARGV[7], '%d+') do
  local true_one = redis.call('HGET', call, 'covered:' .. channel)
  if true_one ~= believed then return {'moved', true_one} end
  channel = channel + 1
end
-- Audio the owner overlooked is not covered either.
local last = math.max(tonumber(ARGV[2]), tonumber(known[6]))
local covered, rate = tonumber(known[3]), tonumber(known[5])
local position = string.format('%.0f', last)
redis.call('DEL', audio, register)
if covered < last then
  local heard = #ARGV > 8 and math.min(last, math.max(covered, tonumber(ARGV[6]))) or covered
  for i = 9, #ARGV do
    append_entry(call, transcript, register, heard, ARGV[i], 'type', 'final',
      'seq', redis.call('HINCRBY', call, 'finals', 1), 'data', ARGV[i])
    redis.call('HINCRBY', call, 'unconfirmed', 1)
  end
  if heard < last then write_gap(call, transcript, register, rate, heard, last, ARGV[5]) end
  for channel = 0, tonumber(known[4]) - 1 do redis.call('HSET', call, 'covered:' .. channel, position) end
end
local ledger = redis.call('HMGET', call, 'gap_bytes', 'unconfirmed', 'abandoned')
local whole = ledger[1] == '0' and ledger[2] == '0' and not ledger[3]
local complete = (whole and ARGV[8] == '0') and '1' or '0'
local duration = string.format('%.0f', math.floor(last * 1000 / rate))
append_entry(call, transcript, register, last, ARGV[3] .. duration .. complete, 'type', 'ended', 'reason', ARGV[3],
  'duration', duration, 'complete', complete)
redis.call('HSET', call, 'state', 'ended', 'reason', ARGV[3], 'complete', complete, 'covered', position,
  'tail', position)
redis.call('PEXPIRE', call, ARGV[4])
redis.call('PEXPIRE', transcript, ARGV[4])
redis.call('PEXPIRE', register, ARGV[4])
return {'written', position}
