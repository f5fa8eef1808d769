-- Removes an announcement for everyone.
-- KEYS: announcements.  ARGV: group, entry.
redis.call('XACK', KEYS[1], ARGV[1], ARGV[2])
redis.call('XDEL', KEYS[1], ARGV[2])
return {'discarded'}
