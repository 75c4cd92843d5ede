-- Names of a task's account types and customer groups. Parameters: their ids. Result: id, name, deleted, one set of either kind; an id that
-- Tillypad doesn't have is absent. Locks: none that outlast a row's reading.
DROP PROCEDURE IF EXISTS tgn.describe_filters;
GO
CREATE PROCEDURE tgn.describe_filters
  @account_types tgn.id_list_1 READONLY,
  @customer_groups tgn.id_list_1 READONLY
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @types tgn.id_list_1;
  DECLARE @groups tgn.id_list_1;
  INSERT INTO @types (id) SELECT id FROM @account_types;
  INSERT INTO @groups (id) SELECT id FROM @customer_groups;
  SELECT w.id, t.name, t.deleted INTO #type FROM @types w JOIN tgn.account_type t ON t.account_type_id = w.id;
  SELECT w.id, g.name, g.deleted INTO #group FROM @groups w JOIN tgn.customer_group g ON g.group_id = w.id AND g.ancestor_id = w.id;
  SELECT id, name, deleted FROM #type ORDER BY name, CONVERT(char(36), id);
  SELECT id, name, deleted FROM #group ORDER BY name, CONVERT(char(36), id);
END;
GO
