DROP INDEX registrations_by_end;
DROP INDEX registrations_by_beginning;
