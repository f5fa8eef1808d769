-- Hands a call over to other workers, if its entry is still pending for this worker: replaces the announcement by a copy.
-- KEYS: announcements. ARGV: group, consumer, entry.
-- Returns {'handed', new entry} or {'lost'}.
local pending = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[3], ARGV[3], 1, ARGV[2])
local entry = redis.call('XRANGE', KEYS[1], ARGV[3], ARGV[3])
if not pending[1] or not entry[1] then return {'lost'} end
-- Removes first: after its first write a script may append at maxmemory too.
redis.call('XACK', KEYS[1], ARGV[1], ARGV[3])
redis.call('XDEL', KEYS[1], ARGV[3])
local copy = redis.call('XADD', KEYS[1], '*', unpack(entry[1][2]))
return {'handed', copy}
