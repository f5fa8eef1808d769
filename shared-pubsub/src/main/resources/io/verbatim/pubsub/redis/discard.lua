-- Acknowledges and deletes an announcement, if it is still pending for this worker.
-- KEYS: announcements. ARGV: group, consumer, entry.
-- Returns {'discarded' | 'lost'}.
if not redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[3], ARGV[3], 1, ARGV[2])[1] then return {'lost'} end
redis.call('XACK', KEYS[1], ARGV[1], ARGV[3])
redis.call('XDEL', KEYS[1], ARGV[3])
return {'discarded'}
