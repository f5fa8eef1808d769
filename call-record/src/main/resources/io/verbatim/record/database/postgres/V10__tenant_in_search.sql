-- The tenant becomes a word of each line, so that the index alone finds the lines of a tenant.
update archived_line
set search = archived_line.search || array_to_tsvector(array['tenant' || md5(archived_call.tenant)])
from archived_call
where archived_call.id = archived_line.call_ref;
