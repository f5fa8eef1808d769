-- Puts a call back for others, if its entry is still this worker's: a copy of the announcement, then the old one goes.
-- KEYS: announcements.  ARGV: group, consumer, entry.
-- Answers {'handed', new entry} or {'lost'}.
local pending = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[3], ARGV[3], 1, ARGV[2])
local entry = redis.call('XRANGE', KEYS[1], ARGV[3], ARGV[3])
if not pending[1] or not entry[1] then return {'lost'} end
-- Removing comes first: once a script has written, Redis lets it append at maxmemory too.
redis.call('XACK', KEYS[1], ARGV[1], ARGV[3])
redis.call('XDEL', KEYS[1], ARGV[3])
local copy = redis.call('XADD', KEYS[1], '*', unpack(entry[1][2]))
return {'handed', copy}
