-- One page of what a look would do, each operation as it is now. Parameters: candidate's, the page's size. Takes no lock.

--! preview
select
  p.operation_id as id, p.customer_id as customerId, p.account_type_id as accountTypeId,
  (select t.name from account_type t where t.account_type_id = p.account_type_id) as accountType,
  p.date, cast(p.sum as text) as sum, p.document, p.description,
  (select v.name from division v where v.authorization_id = p.authorization_id) as division,
  p.return_of as returnOf, p.name as customerName, p.group_id as groupId, p.group_name as groupName, p.chat_id as chatId,
  (select h.language from chat h where h.bot_id = :bot and h.chat_id = p.chat_id) as language, p.verdict
from (
--@ candidate
) p
order by p.date, p.operation_id
limit :limit;
