-- A customer's accounts and newest operation, for the bot's replies. Parameter: the customer. Takes no lock.

--! accounts
-- One account of each type that has ever moved; types in the recycle bin are no longer shown.
select o.account_type_id as accountTypeId, t.name as accountType, cast(o.balance as text) as balance
from (select account_type_id, sum(sum) as balance from operation where customer_id = :customer group by account_type_id) o
join account_type t on t.account_type_id = o.account_type_id and not t.deleted
order by t.name, t.account_type_id;

--! types
select t.account_type_id as accountTypeId, t.name as accountType, null as balance
from account_type t
where not t.deleted and t.account_type_id in (select account_type_id from operation where customer_id = :customer)
order by t.name, t.account_type_id;

--! newest
select
  o.operation_id as id, o.customer_id as customerId, o.account_type_id as accountTypeId,
  (select t.name from account_type t where t.account_type_id = o.account_type_id) as accountType,
  o.date, cast(o.sum as text) as sum, o.document, o.description,
  (select v.name from division v where v.authorization_id = o.authorization_id) as division, o.return_of as returnOf
from operation o where o.customer_id = :customer order by o.date desc, o.operation_id desc limit 1;
