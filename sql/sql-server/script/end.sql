-- What was done.
PRINT N'Готово / Done.';
SELECT step, did FROM #tgn_step ORDER BY no;
GO
