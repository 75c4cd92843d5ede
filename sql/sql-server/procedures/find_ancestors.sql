-- Groups above guests' groups, for own texts that hold for a group and its descendants. Parameter: @again, after a wait for a lock that was in vain:
-- it isn't waited for as long once more. No result. The caller makes the two tables: #group (group_id, done), whose rows that aren't done it takes,
-- and #above (group_id, ancestor_id, distance), which it fills; the nearest has distance 1. A loop in the tree ends by the limit, and no group is
-- above itself.
-- Locks: none that outlast a row's reading. XACT_ABORT is off while it reads, so that a lock timeout doesn't undo what a caller has recorded.
DROP PROCEDURE IF EXISTS tgn.find_ancestors;
GO
CREATE PROCEDURE tgn.find_ancestors
  @again bit = 0
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  IF NOT EXISTS (SELECT 1 FROM #group WHERE done = 0) RETURN;
  IF @again = 1 SET LOCK_TIMEOUT 10;
  SET XACT_ABORT OFF;
  WITH above (group_id, ancestor_id, distance) AS (
    SELECT g.group_id, p.parent_id, 1 FROM #group g JOIN tgn.customer_group_parent p ON p.group_id = g.group_id WHERE g.done = 0
    UNION ALL
    SELECT a.group_id, p.parent_id, a.distance + 1 FROM above a JOIN tgn.customer_group_parent p ON p.group_id = a.ancestor_id WHERE a.distance < 99
  )
  INSERT INTO #above (group_id, ancestor_id, distance)
  SELECT group_id, ancestor_id, MIN(distance) FROM above WHERE ancestor_id IS NOT NULL AND ancestor_id <> group_id
  GROUP BY group_id, ancestor_id
  OPTION (LOOP JOIN, MAXDOP 1);
  UPDATE #group SET done = 1 WHERE done = 0;
END;
GO
