-- Is this Tillypad's database, and does its ledger fit the program? No parameters. Takes no lock.

--! tillypad
select count(*) = 2 as present from sqlite_schema where name in ('tp_ClientPurseOperations', 'tp_Clients');

--! ledger
-- The views come with the ledger: without them install has not come to its end.
select count(*) = 11 as present from sqlite_schema
where name in (
  'ledger_schema', 'place', 'operation', 'customer', 'customer_group', 'customer_group_parent', 'account_type', 'division', 'note', 'balance', 'invitation'
);

--! version
select max(version) as version from ledger_schema;
