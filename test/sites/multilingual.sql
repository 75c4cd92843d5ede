-- A site with more than one language has a function that unwraps its packed texts. The program unpacks them itself; that the function is
-- there is only written down.
CREATE FUNCTION dbo.f_MultiLanguageStringToStringByLanguage1 (@value nvarchar(max), @language int) RETURNS nvarchar(max) AS
BEGIN
  RETURN @value;
END;
GO
