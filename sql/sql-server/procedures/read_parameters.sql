-- Parameters of Tillypad's tasks, the newest committed version of each. No parameters. Result: task_id, parameters.
-- READPAST: a version that a task is just saving is the next run's. Takes no lock that outlives it.
DROP PROCEDURE IF EXISTS tgn.read_parameters;
GO
CREATE PROCEDURE tgn.read_parameters
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  SELECT p.task_id, p.parameters
  FROM tgn.task_parameters p WITH (READCOMMITTEDLOCK, READPAST, ROWLOCK)
  WHERE NOT EXISTS (
    SELECT 1 FROM tgn.task_parameters n WITH (READCOMMITTEDLOCK, READPAST, ROWLOCK) WHERE n.task_id = p.task_id AND n.version > p.version
  )
  ORDER BY p.task_id;
END;
GO
