-- Notes that a call is not to blame where its worker dies now: the worker has begun another call since, or hands it over.
-- KEYS: call hash.  ARGV: worker.
if redis.call('HGET', KEYS[1], 'begun') == ARGV[1] then redis.call('HSET', KEYS[1], 'begun', '') end
return {'noted'}
