-- Ends a transcript, once. The uncovered audio becomes unconfirmed words up to their end and a gap after them; then the last
-- entry follows.
-- KEYS: call hash, transcript, live state, audio stream. ARGV: owner, end, reason, retention in ms, reason of the gap, end of
-- the unconfirmed words, the `covered` that the owner expects per channel (comma-separated; empty to accept any), whether the
-- call is dead-lettered ('1' or '0'), then the unconfirmed words.
-- Returns {'written' | 'moved', covered} or {'gone' | 'ended' | 'fenced'}.
local call, transcript, live_state, audio = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local known = redis.call('HMGET', call, 'state', 'owner', 'covered', 'channels', 'rate', 'tail')
if not known[1] then return {'gone'} end
if known[1] == 'ended' then return {'ended'} end
if known[2] ~= ARGV[1] then return {'fenced'} end
local channel = 0
for expected in string.gmatch(ARGV[7], '%d+') do
  local actual = redis.call('HGET', call, 'covered:' .. channel)
  if actual ~= expected then return {'moved', actual} end
  channel = channel + 1
end
-- Audio above the owner's `end` is not covered either.
local last = math.max(tonumber(ARGV[2]), tonumber(known[6]))
local covered, rate = tonumber(known[3]), tonumber(known[5])
local position = string.format('%.0f', last)
redis.call('DEL', audio, live_state)
if covered < last then
  local unconfirmed_to = #ARGV > 8 and math.min(last, math.max(covered, tonumber(ARGV[6]))) or covered
  for i = 9, #ARGV do
    append_entry(call, transcript, live_state, unconfirmed_to, ARGV[i], 'type', 'final',
      'seq', redis.call('HINCRBY', call, 'finals', 1), 'data', ARGV[i])
    redis.call('HINCRBY', call, 'unconfirmed', 1)
  end
  if unconfirmed_to < last then write_gap(call, transcript, live_state, rate, unconfirmed_to, last, ARGV[5]) end
  for channel = 0, tonumber(known[4]) - 1 do redis.call('HSET', call, 'covered:' .. channel, position) end
end
local ledger = redis.call('HMGET', call, 'gap_bytes', 'unconfirmed', 'abandoned')
local intact = ledger[1] == '0' and ledger[2] == '0' and not ledger[3]
local complete = (intact and ARGV[8] == '0') and '1' or '0'
local duration = string.format('%.0f', math.floor(last * 1000 / rate))
append_entry(call, transcript, live_state, last, ARGV[3] .. duration .. complete, 'type', 'ended', 'reason', ARGV[3],
  'duration', duration, 'complete', complete)
redis.call('HSET', call, 'state', 'ended', 'reason', ARGV[3], 'complete', complete, 'covered', position,
  'tail', position)
redis.call('PEXPIRE', call, ARGV[4])
redis.call('PEXPIRE', transcript, ARGV[4])
redis.call('PEXPIRE', live_state, ARGV[4])
return {'written', position}
