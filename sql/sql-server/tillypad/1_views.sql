-- Tillypad in this program's words: the views through which everything else reads. With 0_probe.sql and note_mirror.sql the only file that
-- names tp_ tables. Each is made in the form that fits the site, unless an administrator has made it their own: such a view is kept as long as
-- it has every column, and the script stops and names the columns that it lacks. A view is an administrator's own when its text isn't the one
-- that this script made last time (tgn.site keeps its hash).
-- Texts come in the database's own collation, since columns may have kept one from before it was changed: texts of two tables then don't meet.
-- live: neither the customer nor the group is in the recycle bin or disabled. may_invite: 1 unless an administrator alters the view.
DECLARE @views TABLE (
  no int NOT NULL PRIMARY KEY, name nvarchar(60) COLLATE DATABASE_DEFAULT NOT NULL, columns nvarchar(400) COLLATE DATABASE_DEFAULT NOT NULL,
  text nvarchar(max) COLLATE DATABASE_DEFAULT NOT NULL
);

-- Where looks can go by rowversion: its column, and an index that begins with it.
DECLARE @version nvarchar(128);
SELECT @version = v.value FROM tgn.site v WHERE v.name = 'rowversion' AND EXISTS (SELECT 1 FROM tgn.site i WHERE i.name = 'rowversion_index' AND i.value = N'yes');

-- version: grows with every writing of a row, null where the site has none.
INSERT INTO @views (no, name, columns, text) SELECT 1, N'operation',
  N'operation_id,customer_id,account_type_id,date,sum,document,description,authorization_id,return_of,version',
  N'CREATE VIEW tgn.operation AS
SELECT
  cpop_ID AS operation_id, cpop_clnt_ID AS customer_id, cpop_cptp_ID AS account_type_id, cpop_Date AS [date], cpop_Sum AS [sum],
  cpop_Name COLLATE DATABASE_DEFAULT AS document, cpop_Description COLLATE DATABASE_DEFAULT AS description, cpop_atop_ID AS authorization_id, cpop_cpop_ID_Return AS return_of,
  ' + COALESCE(QUOTENAME(@version), N'CAST(NULL AS binary(8))') + N' AS version
FROM dbo.tp_ClientPurseOperations';

INSERT INTO @views (no, name, columns, text)
SELECT 2, N'customer',
  N'customer_id,name,group_id,group_name,language_group_id,live,deleted,disabled,may_invite,profile_phone,phones_xml',
  N'CREATE VIEW tgn.customer AS
SELECT
  c.clnt_ID AS customer_id, c.clnt_Name COLLATE DATABASE_DEFAULT AS name, c.clnt_clgr_ID AS group_id, g.clgr_Name COLLATE DATABASE_DEFAULT AS group_name, c.clnt_lggr_ID AS language_group_id,
  CAST(CASE WHEN c.clnt_del_ID IS NULL AND c.clnt_IsDisabled = 0 AND g.clgr_ID IS NOT NULL AND g.clgr_del_ID IS NULL AND g.clgr_IsDisabled = 0
    THEN 1 ELSE 0 END AS bit) AS live,
  CAST(CASE WHEN c.clnt_del_ID IS NULL THEN 0 ELSE 1 END AS bit) AS deleted, c.clnt_IsDisabled AS disabled,
  CAST(1 AS bit) AS may_invite,
  ' + CASE WHEN EXISTS (SELECT 1 FROM tgn.site WHERE name = 'phones_profile' AND value = N'yes') THEN N'p.pepl_PhoneCell' ELSE N'CAST(NULL AS nvarchar(max))' END + N' COLLATE DATABASE_DEFAULT AS profile_phone,
  ' + CASE WHEN EXISTS (SELECT 1 FROM tgn.site WHERE name = 'phones_xml' AND value = N'yes') THEN N'CAST(c.clnt_Phones AS nvarchar(max))' ELSE N'CAST(NULL AS nvarchar(max))' END + N' COLLATE DATABASE_DEFAULT AS phones_xml
FROM dbo.tp_Clients c
LEFT JOIN dbo.tp_ClientGroups g ON g.clgr_ID = c.clnt_clgr_ID' + CASE WHEN EXISTS (SELECT 1 FROM tgn.site WHERE name = 'phones_profile' AND value = N'yes') THEN N'
LEFT JOIN dbo.tp_People p ON p.pepl_ID = c.clnt_pepl_ID AND p.pepl_del_ID IS NULL' ELSE N'' END;

INSERT INTO @views (no, name, columns, text)
SELECT 3, N'customer_phone', N'customer_id,phone,phone_id',
  CASE WHEN EXISTS (SELECT 1 FROM tgn.site WHERE name = 'phones_child' AND value = N'yes')
  THEN N'CREATE VIEW tgn.customer_phone AS
SELECT clph_clnt_ID AS customer_id, clph_Phone COLLATE DATABASE_DEFAULT AS phone, clph_ID AS phone_id FROM dbo.tp_ClientPhones WHERE clph_Phone IS NOT NULL'
  ELSE N'CREATE VIEW tgn.customer_phone AS
SELECT CAST(NULL AS uniqueidentifier) AS customer_id, CAST(NULL AS nvarchar(max)) COLLATE DATABASE_DEFAULT AS phone, CAST(NULL AS uniqueidentifier) AS phone_id WHERE 1 = 0' END;

-- Each group with each of its descendants, itself included. The path ends a loop in the tree; the engine's own limit is 100 steps.
INSERT INTO @views (no, name, columns, text) VALUES (4, N'customer_group', N'ancestor_id,group_id,name,deleted',
  N'CREATE VIEW tgn.customer_group AS
WITH tree (ancestor_id, group_id, depth, path) AS (
  SELECT clgr_ID, clgr_ID, 0, CAST(CAST(clgr_ID AS char(36)) AS varchar(4000)) FROM dbo.tp_ClientGroups
  UNION ALL
  SELECT t.ancestor_id, g.clgr_ID, t.depth + 1, CAST(t.path + CAST(g.clgr_ID AS char(36)) AS varchar(4000))
  FROM tree t JOIN dbo.tp_ClientGroups g ON g.clgr_clgr_ID_Parent = t.group_id
  WHERE t.depth < 90 AND CHARINDEX(CAST(g.clgr_ID AS char(36)), t.path) = 0
)
SELECT t.ancestor_id, t.group_id, a.clgr_Name COLLATE DATABASE_DEFAULT AS name, CAST(CASE WHEN a.clgr_del_ID IS NULL THEN 0 ELSE 1 END AS bit) AS deleted
FROM tree t JOIN dbo.tp_ClientGroups a ON a.clgr_ID = t.ancestor_id');

-- The group right above each; what the tree says of all ancestors, in the order of their nearness.
INSERT INTO @views (no, name, columns, text) VALUES (5, N'customer_group_parent', N'group_id,parent_id',
  N'CREATE VIEW tgn.customer_group_parent AS
SELECT clgr_ID AS group_id, clgr_clgr_ID_Parent AS parent_id FROM dbo.tp_ClientGroups');

INSERT INTO @views (no, name, columns, text)
SELECT 6, N'account_type', N'account_type_id,name,description,deleted',
  N'CREATE VIEW tgn.account_type AS
SELECT cptp_ID AS account_type_id, cptp_Name COLLATE DATABASE_DEFAULT AS name, ' + CASE WHEN COL_LENGTH(N'dbo.tp_ClientPurseTypes', N'cptp_Description') IS NULL THEN N'CAST(NULL AS nvarchar(max))' ELSE N'cptp_Description' END + N' COLLATE DATABASE_DEFAULT AS description,
  ' + CASE WHEN EXISTS (SELECT 1 FROM tgn.site WHERE name = 'account_type_bin' AND value = N'yes')
    THEN N'CAST(CASE WHEN cptp_del_ID IS NULL THEN 0 ELSE 1 END AS bit)' ELSE N'CAST(0 AS bit)' END + N' AS deleted
FROM dbo.tp_ClientPurseTypes';

INSERT INTO @views (no, name, columns, text) VALUES (7, N'division', N'authorization_id,name',
  N'CREATE VIEW tgn.division AS
SELECT a.atop_ID AS authorization_id, d.dvsn_Name COLLATE DATABASE_DEFAULT AS name
FROM dbo.tp_AuthorizationOperations a JOIN dbo.tp_Divisions d ON d.dvsn_ID = a.atop_dvsn_ID');

-- The sum of all operations, for want of a register whose columns are known: an administrator who knows them alters this view.
INSERT INTO @views (no, name, columns, text) VALUES (8, N'balance', N'customer_id,account_type_id,balance,operations',
  N'CREATE VIEW tgn.balance AS
SELECT cpop_clnt_ID AS customer_id, cpop_cptp_ID AS account_type_id, SUM(cpop_Sum) AS balance, COUNT_BIG(*) AS operations
FROM dbo.tp_ClientPurseOperations GROUP BY cpop_clnt_ID, cpop_cptp_ID');

-- Below it all versions are committed; null where looks can't go by it.
INSERT INTO @views (no, name, columns, text)
SELECT 9, N'active_version', N'version',
  N'CREATE VIEW tgn.active_version AS
SELECT ' + CASE WHEN @version IS NULL THEN N'CAST(NULL AS binary(8))' ELSE N'MIN_ACTIVE_ROWVERSION()' END + N' AS version';

DECLARE @no int, @name nvarchar(60), @columns nvarchar(400), @text nvarchar(max), @full nvarchar(128), @lacking nvarchar(2048), @hash varbinary(32), @kept varbinary(32), @did bit, @at int, @column nvarchar(128);
SET @no = 0;
SET @lacking = N'';
-- First what can stop the script, so that all of it is named at once.
WHILE @no < 9
BEGIN
  SET @no = @no + 1;
  SELECT @name = name, @columns = columns + N',' FROM @views WHERE no = @no;
  SET @full = N'tgn.' + @name;
  IF OBJECT_ID(@full, N'V') IS NOT NULL
    WHILE @columns <> N''
    BEGIN
      SET @at = CHARINDEX(N',', @columns);
      SET @column = LEFT(@columns, @at - 1);
      SET @columns = SUBSTRING(@columns, @at + 1, 400);
      IF COL_LENGTH(@full, @column) IS NULL SET @lacking = @lacking + N', ' + @name + N'.' + @column;
    END;
END;
IF @lacking <> N''
BEGIN
  SET @lacking = LEFT(N'В изменённых представлениях нет столбцов / Altered views lack columns: ' + STUFF(@lacking, 1, 2, N''), 2000);
  THROW 50217, @lacking, 1;
END;

SET @no = 0;
WHILE @no < 9
BEGIN
  SET @no = @no + 1;
  SELECT @name = name, @text = text FROM @views WHERE no = @no;
  SET @full = N'tgn.' + @name;
  SET @did = 0;
  SET @hash = HASHBYTES('SHA2_256', CAST(OBJECT_DEFINITION(OBJECT_ID(@full, N'V')) AS nvarchar(4000)));
  SET @kept = NULL;
  SELECT @kept = hash FROM tgn.site WHERE name = CAST('view ' + @name AS varchar(60));
  -- Ours, and the site has changed since: then the form must follow.
  IF @hash = @kept AND OBJECT_DEFINITION(OBJECT_ID(@full, N'V')) <> @text
  BEGIN
    SET @full = N'DROP VIEW ' + @full;
    EXEC (@full);
    SET @full = N'tgn.' + @name;
    SET @hash = NULL;
  END;
  IF OBJECT_ID(@full, N'V') IS NULL
  BEGIN
    EXEC (@text);
    SET @did = 1;
    DELETE FROM tgn.site WHERE name = CAST('view ' + @name AS varchar(60));
    INSERT INTO tgn.site (name, hash)
    SELECT CAST('view ' + @name AS varchar(60)), HASHBYTES('SHA2_256', CAST(OBJECT_DEFINITION(OBJECT_ID(@full, N'V')) AS nvarchar(4000)));
  END;
  INSERT INTO #tgn_step (step, did) VALUES (N'view ' + @name, @did);
END;
GO

-- The columns of views that stand on changed tables are read anew.
DECLARE @refresh nvarchar(128), @next int;
SET @next = 0;
WHILE @next < 9
BEGIN
  SET @next = @next + 1;
  SET @refresh = CASE @next WHEN 1 THEN N'tgn.operation' WHEN 2 THEN N'tgn.customer' WHEN 3 THEN N'tgn.customer_phone' WHEN 4 THEN N'tgn.customer_group'
    WHEN 5 THEN N'tgn.customer_group_parent' WHEN 6 THEN N'tgn.account_type' WHEN 7 THEN N'tgn.division' WHEN 8 THEN N'tgn.balance' ELSE N'tgn.active_version' END;
  IF @@VERSION LIKE N'Microsoft SQL%' EXEC sys.sp_refreshview @refresh;
END;
GO

-- A look goes by the date; without an index that begins with it, every run would read the whole table and hold up the tills.
IF NOT EXISTS (
  SELECT 1 FROM sys.index_columns ic JOIN sys.columns c ON c.object_id = ic.object_id AND c.column_id = ic.column_id
  JOIN sys.indexes i ON i.object_id = ic.object_id AND i.index_id = ic.index_id AND i.is_disabled = 0 AND i.has_filter = 0 AND i.is_hypothetical = 0
  WHERE ic.object_id = OBJECT_ID(N'dbo.tp_ClientPurseOperations') AND ic.key_ordinal = 1 AND LOWER(c.name) = N'cpop_date'
)
BEGIN
  DECLARE @say nvarchar(2000);
  SET @say = N'Нет индекса по дате операций, создайте его / The operations have no index by date, make it: '
    + N'CREATE INDEX CI_tp_ClientPurseOperations_cpop_Date ON dbo.tp_ClientPurseOperations (cpop_Date)';
  THROW 50210, @say, 1;
END;
GO
-- Looks go by dates until there is one.
IF EXISTS (SELECT 1 FROM tgn.site WHERE name = 'rowversion' AND value IS NOT NULL) AND EXISTS (SELECT 1 FROM tgn.site WHERE name = 'rowversion_index' AND value = N'no')
  PRINT N'У операций есть rowversion, но нет индекса, который с него начинается: правки задним числом находятся позже / The operations have a rowversion but no index that begins with it: what is back-dated is found later.';
GO
