-- Sets one field of a transcript's register, with the transcript's line: a reader finds out by it that the history it read
-- was replaced, before there is an entry. The same of the call hash where it is the recogniser's state: there
-- also whether the call is being heard, for its audio is kept longer then.
-- KEYS: call hash, transcript's register.  ARGV: owner, field, value, expiry in ms, heard ('1' or '0').
-- Answers {'written', covered} or {'gone' | 'ended' | 'fenced'}.
local call, register = KEYS[1], KEYS[2]
local known = redis.call('HMGET', call, 'state', 'owner', 'covered', 'line')
if not known[1] then return {'gone'} end
if known[1] == 'ended' then return {'ended'} end
if known[2] ~= ARGV[1] then return {'fenced'} end
-- Removing comes first: once a script has written, Redis lets it write at maxmemory too.
redis.call('HDEL', register, ARGV[2])
redis.call('HSET', register, ARGV[2], ARGV[3], 'line', known[4] or '')
if redis.call('PTTL', register) < 0 then redis.call('PEXPIRE', register, ARGV[4]) end
if ARGV[2] == 'recognizer' then redis.call('HSET', call, 'recognizer', ARGV[3], 'heard', ARGV[5]) end
return {'written', known[3]}
