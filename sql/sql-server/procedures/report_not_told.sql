-- Operations that nobody was told of, newest first, with the reason. Parameters: @from and @until, dates of operations, the second left out (the last 7
-- days), @reason (null: all; otherwise a skip reason, a refusal's or a doubt's code), @rows, how many at most (1,000), @bot_id (null: all bots). Result:
-- bot_id, operation_id, operation_date, sum, account_type, customer_id, customer, state, reason, detail, what Telegram or the network said, resolved.
-- Locks: none that outlast a row's reading.
DROP PROCEDURE IF EXISTS tgn_report.not_told;
GO
CREATE PROCEDURE tgn_report.not_told
  @from datetime = NULL,
  @until datetime = NULL,
  @reason varchar(20) = NULL,
  @rows int = 1000,
  @bot_id bigint = NULL
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  SELECT @from = COALESCE(@from, DATEADD(day, -7, wall_now)), @until = COALESCE(@until, '99991231 23:59:59.997') FROM tgn.clock;
  SELECT TOP (@rows) d.delivery_no, d.bot_id, d.operation_id, d.operation_date, d.customer_id, d.state, d.reason, d.attempt_no, d.resolved
  INTO #row
  FROM tgn.delivery d
  WHERE d.state IN ('skipped', 'refused', 'in_doubt') AND d.operation_date >= @from AND d.operation_date < @until
    AND (@reason IS NULL OR d.reason = @reason) AND (@bot_id IS NULL OR d.bot_id = @bot_id)
  ORDER BY d.operation_date DESC, d.delivery_no DESC
  OPTION (MAXDOP 1);
  -- Into a table first: whoever reads slowly must not keep a row of Tillypad's locked.
  SELECT r.delivery_no, r.bot_id, r.operation_id, r.operation_date, o.sum, y.name AS account_type, r.customer_id, c.name AS customer, r.state, r.reason,
    a.detail, r.resolved
  INTO #shown
  FROM #row r
  LEFT JOIN tgn.operation o ON o.operation_id = r.operation_id
  LEFT JOIN tgn.account_type y ON y.account_type_id = o.account_type_id
  LEFT JOIN tgn.customer c ON c.customer_id = r.customer_id
  LEFT JOIN tgn.attempt a ON a.attempt_no = r.attempt_no
  OPTION (MAXDOP 1);
  SELECT bot_id, operation_id, operation_date, sum, account_type, customer_id, customer, state, reason, detail, resolved
  FROM #shown ORDER BY operation_date DESC, delivery_no DESC;
END;
GO
