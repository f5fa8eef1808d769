-- Calls that were erased before they were archived count in the usage too. Older versions stored no numbers of them.
update archived_call set line = 'erased' where line = '' and content = 'erased';
