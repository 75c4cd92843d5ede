-- Fills a site with operations, in one statement and without a loop: change the number and run it. Run again it adds as many, of the same
-- customers. A hundred operations a customer, spread over the last thousand days, half an hour old at the newest; every second one takes from the
-- account, and their keys are scattered as Tillypad's are. At most ten million at once.
SET NOCOUNT ON;
DECLARE @operations int, @customers int, @group uniqueidentifier, @type uniqueidentifier, @now datetime;
SET @operations = 1000000;
SET @customers = (@operations + 99) / 100;
SET @group = '00000000-0001-4000-8000-000000000001';
SET @type = '00000000-0001-4000-8000-000000000002';
SET @now = DATEADD(minute, -30, GETDATE());

IF NOT EXISTS (SELECT 1 FROM dbo.tp_ClientGroups WHERE clgr_ID = @group) INSERT INTO dbo.tp_ClientGroups (clgr_ID, clgr_Name) VALUES (@group, N'Guests');
IF NOT EXISTS (SELECT 1 FROM dbo.tp_ClientPurseTypes WHERE cptp_ID = @type) INSERT INTO dbo.tp_ClientPurseTypes (cptp_ID, cptp_Name) VALUES (@type, N'Deposit');

WITH digit (no) AS (SELECT d.no FROM (VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)) d (no)),
hundred (no) AS (SELECT a.no + 10 * b.no FROM digit a CROSS JOIN digit b),
number (no) AS (
  SELECT a.no + 100 * b.no + 10000 * c.no FROM hundred a CROSS JOIN hundred b CROSS JOIN hundred c
  WHERE 10000 * c.no < @customers AND a.no + 100 * b.no + 10000 * c.no < @customers
),
customer (id, no) AS (
  SELECT CAST('00000000-0002-4000-8000-' + RIGHT('00000000000' + CAST(n.no AS varchar(12)), 12) AS uniqueidentifier), n.no FROM number n
)
INSERT INTO dbo.tp_Clients (clnt_ID, clnt_clgr_ID, clnt_Name)
SELECT c.id, @group, N'Guest ' + CAST(c.no AS nvarchar(12)) FROM customer c
WHERE NOT EXISTS (SELECT 1 FROM dbo.tp_Clients k WHERE k.clnt_ID = c.id);

WITH digit (no) AS (SELECT d.no FROM (VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)) d (no)),
hundred (no) AS (SELECT a.no + 10 * b.no FROM digit a CROSS JOIN digit b),
thousand (no) AS (SELECT a.no + 100 * b.no FROM hundred a CROSS JOIN digit b),
number (no) AS (
  SELECT a.no + 100 * b.no + 10000 * c.no FROM hundred a CROSS JOIN hundred b CROSS JOIN thousand c
  WHERE 10000 * c.no < @operations AND a.no + 100 * b.no + 10000 * c.no < @operations
)
INSERT INTO dbo.tp_ClientPurseOperations (cpop_ID, cpop_clnt_ID, cpop_cptp_ID, cpop_Date, cpop_Name, cpop_Sum)
SELECT NEWID(), CAST('00000000-0002-4000-8000-' + RIGHT('00000000000' + CAST(n.no % @customers AS varchar(12)), 12) AS uniqueidentifier), @type,
  DATEADD(second, -CAST(86400000.0 * n.no / @operations AS int), @now), N'No ' + CAST(n.no AS nvarchar(12)),
  CASE WHEN (n.no / @customers) % 2 = 0 THEN -450 ELSE 45.5 END
FROM number n;
GO
