-- Balances after operations, read from Tillypad's own rows. Parameters: the customer, operations' ids as a JSON array or one account type.
-- Histories above the limit are left alone (`history` reads no further). Sums cross the driver as text: a double is no place for money.
-- Takes no lock.

--! history
select count(*) as operations from (select 1 from operation where customer_id = :customer limit :limit);

--! after
select operation_id as id, cast(balance as text) as balance from (
  select operation_id, sum(sum) over (partition by account_type_id order by date, operation_id) as balance
  from operation where customer_id = :customer
)
where operation_id in (select value from json_each(:operations));

--! current
select cast(balance as text) as balance from balance where customer_id = :customer and account_type_id = :accountType;
