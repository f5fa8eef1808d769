-- Clears the mark of the worker that began the call last: the worker has begun another call, or hands this one over. If the
-- worker dies now, that is no failed delivery of this call.
-- KEYS: call hash. ARGV: worker.
if redis.call('HGET', KEYS[1], 'begun') == ARGV[1] then redis.call('HSET', KEYS[1], 'begun', '') end
return {'noted'}
