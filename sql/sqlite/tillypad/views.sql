-- Tillypad in this program's words. The only file of the embedded engine that names tp_ tables besides tables.sql and the note's mirror;
-- an administrator may alter the views as long as every column stays. SQL Server has the same ones in schema tgn.

create view operation as
select
  cpop_ID as operation_id, cpop_clnt_ID as customer_id, cpop_cptp_ID as account_type_id, cpop_Date as date, cpop_Sum as sum,
  cpop_Name as document, cpop_Description as description, cpop_atop_ID as authorization_id, cpop_cpop_ID_Return as return_of
from tp_ClientPurseOperations;

-- live: not in the recycle bin and not disabled, and so is the group.
-- may_invite: 1 unless an administrator alters it.
create view customer as
select
  c.clnt_ID as customer_id, c.clnt_Name as name, c.clnt_clgr_ID as group_id, g.clgr_Name as group_name,
  c.clnt_lggr_ID as language_group_id,
  (c.clnt_del_ID is null and c.clnt_IsDisabled = 0 and g.clgr_del_ID is null and g.clgr_IsDisabled = 0) as live,
  (c.clnt_del_ID is not null) as deleted, c.clnt_IsDisabled as disabled,
  1 as may_invite,
  p.pepl_PhoneCell as profile_phone, c.clnt_Phones as phones_xml
from tp_Clients c
left join tp_ClientGroups g on g.clgr_ID = c.clnt_clgr_ID
left join tp_People p on p.pepl_ID = c.clnt_pepl_ID and p.pepl_del_ID is null;

-- The newest generation of phones, one row each; the run takes clph_Phone, then phones_xml, then profile_phone.
create view customer_phone as
select clph_clnt_ID as customer_id, clph_Phone as phone, clph_ID as phone_id from tp_ClientPhones where clph_Phone is not null;

-- Each group with each of its descendants, itself included. `union` ends a loop in the tree.
create view customer_group as
with recursive tree(ancestor_id, group_id) as (
  select clgr_ID, clgr_ID from tp_ClientGroups
  union
  select t.ancestor_id, g.clgr_ID from tree t join tp_ClientGroups g on g.clgr_clgr_ID_Parent = t.group_id
)
select t.ancestor_id, t.group_id, a.clgr_Name as name, (a.clgr_del_ID is not null) as deleted
from tree t join tp_ClientGroups a on a.clgr_ID = t.ancestor_id;

-- The group right above each; what the tree view says of all ancestors, in the order of their nearness.
create view customer_group_parent as
select clgr_ID as group_id, clgr_clgr_ID_Parent as parent_id from tp_ClientGroups;

create view account_type as
select cptp_ID as account_type_id, cptp_Name as name, cptp_Description as description, (cptp_del_ID is not null) as deleted
from tp_ClientPurseTypes;

create view division as
select a.atop_ID as authorization_id, d.dvsn_Name as name
from tp_AuthorizationOperations a join tp_Divisions d on d.dvsn_ID = a.atop_dvsn_ID;

-- Notes as text, whatever type they were made with; of several on one customer the newest counts.
create view note as
select
  n.note_obj_ID as customer_id, t.nttp_Name as note_type, n.note_ID as note_id, n.note_Date as at,
  case typeof(n.note_Value) when 'real' then printf('%.0f', n.note_Value) else cast(n.note_Value as text) end as text
from tp_Notes n cross join tp_NoteTypes t on t.nttp_ID = n.note_nttp_ID
where t.nttp_del_ID is null;

-- Current balance: the sum of all operations, for want of a register whose columns are known.
create view balance as
select cpop_clnt_ID as customer_id, cpop_cptp_ID as account_type_id, sum(cpop_Sum) as balance, count(*) as operations
from tp_ClientPurseOperations group by cpop_clnt_ID, cpop_cptp_ID;
