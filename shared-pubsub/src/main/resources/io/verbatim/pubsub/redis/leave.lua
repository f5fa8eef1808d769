-- Removes a worker's consumer if nothing is pending for it. Removing a consumer also removes its pending entries.
-- KEYS: announcements. ARGV: group, consumer.
if redis.call('EXISTS', KEYS[1]) == 0 then return {'gone'} end
if #redis.call('XPENDING', KEYS[1], ARGV[1], '-', '+', 1, ARGV[2]) > 0 then return {'pending'} end
redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], ARGV[2])
return {'left'}
