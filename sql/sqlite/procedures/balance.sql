-- Balances after operations, read from Tillypad's own rows. Parameters: the customer, operations' ids as a JSON array or one account type.
-- Histories above 20,000 operations are left alone (`history` reads no further): summing them would hold everybody up. Sums cross the driver as text: a double is no place for money.
-- Takes no lock.

--! history
-- The limit is a literal, as SQLite prepares anew for each value of a parameter there.
select count(*) > 20000 as tooLong from (select 1 from operation where customer_id = :customer limit 20001);

--! after_one
select cast(sum(o.sum) as text) as balance from operation o
where o.customer_id = :customer and o.account_type_id = :accountType and (o.date < :date or (o.date = :date and o.operation_id <= :id));

--! after
select operation_id as id, cast(balance as text) as balance from (
  select operation_id, sum(sum) over (partition by account_type_id order by date, operation_id) as balance
  from operation where customer_id = :customer
)
where operation_id in (select value from json_each(:operations));

--! current
select cast(balance as text) as balance from balance where customer_id = :customer and account_type_id = :accountType;
