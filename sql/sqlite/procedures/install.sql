-- What `install` asks and adds beside the scripts of sql/sqlite/tillypad and sql/sqlite/ledger, all in one transaction with them.
-- Parameters: where it is installed, the key's fingerprint, the note type's name. Locks: the database's write lock.
-- Of Tillypad's own tables only the note type is added to, and only where there is none of its name.

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

--! add_note_type
insert into tp_NoteTypes (nttp_ID, nttp_vdt_ID, nttp_Name, nttp_Description, nttp_IsUnique, nttp_IsRequired, nttp_IsDisabled)
values (:id, 0, :noteType, :description, 1, 0, 0);
