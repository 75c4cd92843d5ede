-- What `install` asks and adds beside the scripts of sql/sqlite/tillypad and sql/sqlite/ledger, all in one transaction with them.
-- Parameters: where it is installed and the key's fingerprint. Locks: the database's write lock.

--! objects
select name from sqlite_schema where type in ('table', 'view') and name in (select value from json_each(:names));

--! columns
select name from pragma_table_info(:view);

--! add_version
insert into ledger_schema (version, installed_utc) values (:version, :now);

--! has_place
select 1 as one from place;

--! add_place
insert into place (only_row, installation_id, bound_to, key_fingerprint, paused) values (1, :installation, :here, :fingerprint, 0);

--! pause_new_bots
update place set paused = 1 where paused = 0;

--! pause_bots
update bot set paused_until_utc = :until where paused_until_utc is null or paused_until_utc < :until;
