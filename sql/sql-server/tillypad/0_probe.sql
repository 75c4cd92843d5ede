-- What this site has. Metadata is asked for here and nowhere else: a login that may only execute sees none of it. What was found stands in
-- tgn.site; a table or a column that nothing can do without stops the script here, before anything of ours reads it.
DECLARE @missing nvarchar(2048);
-- FOR XML puts a list together in the order asked for, which adding up in a variable doesn't promise.
SET @missing = (SELECT N', ' + w.name
FROM (VALUES (1, N'tp_ClientPurseOperations'), (2, N'tp_Clients'), (3, N'tp_NoteTypes'), (4, N'tp_Notes'), (5, N'tp_ClientGroups'),
  (6, N'tp_ClientPurseTypes'), (7, N'tp_AuthorizationOperations'), (8, N'tp_Divisions')) w (no, name)
WHERE OBJECT_ID(N'dbo.' + w.name) IS NULL
ORDER BY w.no FOR XML PATH(''));
IF @missing <> N''
BEGIN
  SET @missing = LEFT(N'Не найдены таблицы Tillypad / Tillypad tables are missing: ' + STUFF(@missing, 1, 2, N''), 2000);
  THROW 50208, @missing, 1;
END;

SET @missing = (SELECT N', ' + w.table_name + N'.' + w.column_name
FROM (VALUES
  (1, N'tp_ClientPurseOperations', N'cpop_ID', N'uniqueidentifier'), (2, N'tp_ClientPurseOperations', N'cpop_clnt_ID', N'uniqueidentifier'),
  (3, N'tp_ClientPurseOperations', N'cpop_cptp_ID', N'uniqueidentifier'), (4, N'tp_ClientPurseOperations', N'cpop_atop_ID', N'uniqueidentifier'),
  (5, N'tp_ClientPurseOperations', N'cpop_cpop_ID_Return', N'uniqueidentifier'), (6, N'tp_ClientPurseOperations', N'cpop_Date', N'datetime'),
  (7, N'tp_ClientPurseOperations', N'cpop_Name', NULL), (8, N'tp_ClientPurseOperations', N'cpop_Description', NULL),
  (9, N'tp_ClientPurseOperations', N'cpop_Sum', N'numeric'),
  (10, N'tp_Clients', N'clnt_ID', N'uniqueidentifier'), (11, N'tp_Clients', N'clnt_clgr_ID', N'uniqueidentifier'),
  (12, N'tp_Clients', N'clnt_del_ID', N'uniqueidentifier'), (13, N'tp_Clients', N'clnt_lggr_ID', N'uniqueidentifier'),
  (14, N'tp_Clients', N'clnt_Name', NULL), (15, N'tp_Clients', N'clnt_IsDisabled', N'bit'),
  (16, N'tp_ClientGroups', N'clgr_ID', N'uniqueidentifier'), (17, N'tp_ClientGroups', N'clgr_clgr_ID_Parent', N'uniqueidentifier'),
  (18, N'tp_ClientGroups', N'clgr_del_ID', N'uniqueidentifier'), (19, N'tp_ClientGroups', N'clgr_Name', NULL),
  (20, N'tp_ClientGroups', N'clgr_IsDisabled', N'bit'),
  (21, N'tp_ClientPurseTypes', N'cptp_ID', N'uniqueidentifier'), (22, N'tp_ClientPurseTypes', N'cptp_Name', NULL),
  (23, N'tp_AuthorizationOperations', N'atop_ID', N'uniqueidentifier'), (24, N'tp_AuthorizationOperations', N'atop_dvsn_ID', N'uniqueidentifier'),
  (25, N'tp_Divisions', N'dvsn_ID', N'uniqueidentifier'), (26, N'tp_Divisions', N'dvsn_Name', NULL),
  (27, N'tp_NoteTypes', N'nttp_ID', N'uniqueidentifier'), (28, N'tp_NoteTypes', N'nttp_vdt_ID', N'int'), (29, N'tp_NoteTypes', N'nttp_Name', NULL),
  (30, N'tp_NoteTypes', N'nttp_del_ID', N'uniqueidentifier'), (31, N'tp_NoteTypes', N'nttp_IsDisabled', N'bit'),
  (32, N'tp_Notes', N'note_ID', N'uniqueidentifier'), (33, N'tp_Notes', N'note_nttp_ID', N'uniqueidentifier'),
  (34, N'tp_Notes', N'note_obj_ID', N'uniqueidentifier'), (35, N'tp_Notes', N'note_item_ID', N'uniqueidentifier'),
  (36, N'tp_Notes', N'note_Date', N'datetime'), (37, N'tp_Notes', N'note_Value', N'sql_variant')
) w (no, table_name, column_name, type_name)
LEFT JOIN INFORMATION_SCHEMA.COLUMNS c
  ON c.TABLE_SCHEMA = N'dbo' AND c.TABLE_NAME = w.table_name COLLATE DATABASE_DEFAULT AND c.COLUMN_NAME = w.column_name COLLATE DATABASE_DEFAULT
WHERE c.COLUMN_NAME IS NULL
  OR (w.type_name IS NOT NULL AND c.DATA_TYPE <> w.type_name COLLATE DATABASE_DEFAULT AND NOT (w.type_name = N'numeric' AND c.DATA_TYPE IN (N'decimal', N'money')))
ORDER BY w.no FOR XML PATH(''));
IF @missing <> N''
BEGIN
  SET @missing = LEFT(N'Нет столбцов или они другого типа / Columns are missing or of another type: ' + STUFF(@missing, 1, 2, N''), 2000);
  THROW 50216, @missing, 1;
END;

-- A procedure of ours may read a table of theirs without any right of its caller only where both have one owner.
SET @missing = (SELECT N', ' + o.name
FROM sys.objects o
WHERE o.schema_id = SCHEMA_ID(N'dbo') AND o.principal_id IS NOT NULL
  AND o.name IN (N'tp_ClientPurseOperations', N'tp_Clients', N'tp_ClientGroups', N'tp_ClientPurseTypes', N'tp_AuthorizationOperations',
    N'tp_Divisions', N'tp_NoteTypes', N'tp_Notes', N'tp_NoteTypeObjects', N'tp_ClientPhones', N'tp_People')
ORDER BY o.name FOR XML PATH(''));
IF @missing <> N''
BEGIN
  SET @missing = LEFT(N'Таблицы принадлежат не dbo / Tables have another owner than dbo: ' + STUFF(@missing, 1, 2, N''), 2000);
  THROW 50209, @missing, 1;
END;

DELETE FROM tgn.site WHERE name NOT LIKE 'view %';
-- COLLATE: the server's own views name some things in a collation of their own, and rows of two collations can't stand in one list.
INSERT INTO tgn.site (name, value)
SELECT 'phones_child', CASE WHEN COL_LENGTH(N'dbo.tp_ClientPhones', N'clph_Phone') IS NULL OR COL_LENGTH(N'dbo.tp_ClientPhones', N'clph_clnt_ID') IS NULL
  OR COL_LENGTH(N'dbo.tp_ClientPhones', N'clph_ID') IS NULL THEN N'no' ELSE N'yes' END
UNION ALL SELECT 'phones_xml', CASE WHEN COL_LENGTH(N'dbo.tp_Clients', N'clnt_Phones') IS NULL THEN N'no' ELSE N'yes' END
UNION ALL SELECT 'phones_profile', CASE WHEN COL_LENGTH(N'dbo.tp_People', N'pepl_PhoneCell') IS NULL OR COL_LENGTH(N'dbo.tp_People', N'pepl_ID') IS NULL
  OR COL_LENGTH(N'dbo.tp_People', N'pepl_del_ID') IS NULL OR COL_LENGTH(N'dbo.tp_Clients', N'clnt_pepl_ID') IS NULL THEN N'no' ELSE N'yes' END
UNION ALL SELECT 'account_type_bin', CASE WHEN COL_LENGTH(N'dbo.tp_ClientPurseTypes', N'cptp_del_ID') IS NULL THEN N'no' ELSE N'yes' END
UNION ALL SELECT 'multilingual', CASE WHEN OBJECT_ID(N'dbo.f_MultiLanguageStringToStringByLanguage1') IS NULL THEN N'no' ELSE N'yes' END
UNION ALL SELECT 'logon', CASE WHEN OBJECT_ID(N'dbo.tpsrv_logon') IS NULL THEN N'no' ELSE N'yes' END
UNION ALL SELECT 'note_objects', CASE WHEN OBJECT_ID(N'dbo.tp_NoteTypeObjects') IS NULL THEN N'no' ELSE N'yes' END
UNION ALL SELECT 'object_kinds', CASE WHEN OBJECT_ID(N'dbo.sys_Tables') IS NULL THEN N'no' ELSE N'yes' END
UNION ALL SELECT 'note_object_kind', CASE WHEN COL_LENGTH(N'dbo.tp_Notes', N'note_tpsyso_ID') IS NULL THEN N'no' ELSE N'yes' END
UNION ALL SELECT 'rowversion', MAX(c.COLUMN_NAME) COLLATE DATABASE_DEFAULT FROM INFORMATION_SCHEMA.COLUMNS c
  WHERE c.TABLE_SCHEMA = N'dbo' AND c.TABLE_NAME = N'tp_ClientPurseOperations' AND c.DATA_TYPE IN (N'timestamp', N'rowversion')
-- Without an index of all rows that begins with it, a look by rowversion would read the whole table.
UNION ALL SELECT 'rowversion_index', CASE WHEN EXISTS (
  SELECT 1 FROM sys.indexes i
  JOIN sys.index_columns ic ON ic.object_id = i.object_id AND ic.index_id = i.index_id AND ic.key_ordinal = 1
  JOIN sys.columns c ON c.object_id = ic.object_id AND c.column_id = ic.column_id
  WHERE i.object_id = OBJECT_ID(N'dbo.tp_ClientPurseOperations') AND i.has_filter = 0 AND i.is_disabled = 0 AND TYPE_NAME(c.system_type_id) = N'timestamp'
) THEN N'yes' ELSE N'no' END
UNION ALL SELECT 'delayed_durability', (SELECT d.delayed_durability_desc COLLATE DATABASE_DEFAULT FROM sys.databases d WHERE d.database_id = DB_ID())
UNION ALL SELECT 'server', CAST(SERVERPROPERTY('ProductVersion') AS nvarchar(100))
UNION ALL SELECT 'edition', CAST(SERVERPROPERTY('EngineEdition') AS nvarchar(100))
UNION ALL SELECT 'collation', CAST(DATABASEPROPERTYEX(DB_NAME(), 'Collation') AS nvarchar(100))
UNION ALL SELECT 'level', CAST((SELECT d.compatibility_level FROM sys.databases d WHERE d.database_id = DB_ID()) AS nvarchar(10));
GO
