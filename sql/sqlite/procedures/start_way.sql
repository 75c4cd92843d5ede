-- How Tillypad's task starts the program. Parameters: the way, the time. Locks: the database's write lock, for the setting alone.

--! way
select way from start_way;

--! set
insert into start_way (only_row, way, changed_utc) values (1, :way, :now)
on conflict (only_row) do update set way = excluded.way, changed_utc = excluded.changed_utc;
