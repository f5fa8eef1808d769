-- Deletes a call that has ended, with its transcript.
-- KEYS: call hash, transcript, live state, audio stream.
-- Returns {'live' | 'erased' | 'gone'}.
local state = redis.call('HGET', KEYS[1], 'state')
if state and state ~= 'ended' then return {'live'} end
redis.call('DEL', KEYS[1], KEYS[2], KEYS[3], KEYS[4])
return {state and 'erased' or 'gone'}
