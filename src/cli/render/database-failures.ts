import type { UnavailableCode } from '../../ports/database.ts';
import type { Sentence } from './say.ts';

/** What went wrong with the database and what to do about it; `detail` never holds a password. */
export const DATABASE_FAILURES: Readonly<Record<UnavailableCode, Sentence>> = {
  missing: {
    en: 'The database {detail} does not exist. Check `database` in the settings, or make a sample one: npm run sample -- FILE.',
    ru: 'Базы данных {detail} нет. Проверьте `database` в настройках или создайте пробную: npm run sample -- FILE.',
  },
  no_database: { en: '{detail} is not a database.', ru: '{detail} – не база данных.' },
  no_tillypad: {
    en: 'This database has no Tillypad tables: {detail} is missing.',
    ru: 'В этой базе нет таблиц Tillypad: не найдено {detail}.',
  },
  locked: {
    en: 'Another program keeps the database locked ({detail}). Nothing is lost; the next run goes on.',
    ru: 'Базу держит занятой другая программа ({detail}). Ничего не потеряно; продолжит следующий запуск.',
  },
  read_only: {
    en: 'The database can only be read ({detail}). On SQL Server: ALTER DATABASE … SET READ_WRITE. With a file: give the account that runs this program the right to write it and its folder.',
    ru: 'База доступна только для чтения ({detail}). На SQL Server: ALTER DATABASE … SET READ_WRITE. Для файла: дайте учётной записи, под которой работает программа, право записи в него и в его папку.',
  },
  full: {
    en: 'The disk, the database or its log is full ({detail}). Nothing half-done was left; free some room and run again.',
    ru: 'Диск, база или её журнал транзакций заполнены ({detail}). Ничего недоделанного не осталось; освободите место и запустите снова.',
  },
  unreachable: { en: 'The database can’t be reached ({detail}).', ru: 'База данных недоступна ({detail}).' },
  denied: {
    en: 'The database denies access ({detail}). On SQL Server, give the login the role: ALTER ROLE tgn_runner ADD MEMBER …; `install` needs a member of db_owner.',
    ru: 'База данных отказывает в доступе ({detail}). На SQL Server дайте имени входа роль: ALTER ROLE tgn_runner ADD MEMBER …; для `install` нужен член db_owner.',
  },
  damaged: {
    en: 'The database is damaged ({detail}). Restore it from a backup; then see `bind --restored`.',
    ru: 'База повреждена ({detail}). Восстановите её из копии; затем см. `bind --restored`.',
  },
  login: {
    en: 'SQL Server refuses the user or the password ({detail}). Check both; SQL logins need «SQL Server and Windows Authentication mode» on the server. Signing on to Windows without a password can’t be had: give a domain, a user and a password.',
    ru: 'SQL Server не принимает имя входа или пароль ({detail}). Проверьте их; для имён входа SQL на сервере должна быть включена «Проверка подлинности SQL Server и Windows». Вход от имени текущего пользователя Windows без пароля невозможен: укажите домен, пользователя и пароль.',
  },
  no_such_database: {
    en: 'There is no such database, this login may not open it, or it is offline, in recovery or held by a single user ({detail}). Check the name and the database’s state; then run the two statements that `install` printed: CREATE USER … and ALTER ROLE tgn_runner ADD MEMBER ….',
    ru: 'Такой базы нет, этому имени входа она закрыта, либо она отключена, восстанавливается или занята одним пользователем ({detail}). Проверьте имя и состояние базы; затем выполните две команды, которые напечатала `install`: CREATE USER … и ALTER ROLE tgn_runner ADD MEMBER ….',
  },
  no_server: {
    en: 'No server of the name {detail} is known here. Check the spelling and this computer’s DNS.',
    ru: 'Сервер с именем {detail} не найден. Проверьте написание и DNS этого компьютера.',
  },
  refused: {
    en: 'Nothing answers at {detail}. SQL Server Express is delivered with TCP/IP off: switch it on in SQL Server Configuration Manager → SQL Server Network Configuration → Protocols → TCP/IP, set a port under «IPAll», restart the service; then check the firewall.',
    ru: 'По адресу {detail} никто не отвечает. SQL Server Express поставляется с выключенным TCP/IP: включите его в SQL Server Configuration Manager → Сетевая конфигурация SQL Server → Протоколы → TCP/IP, задайте порт в «IPAll», перезапустите службу; затем проверьте брандмауэр.',
  },
  instance: {
    en: 'The instance {detail} isn’t found. Start the service «SQL Server Browser» and open UDP 1434, or give the instance’s port instead of its name.',
    ru: 'Экземпляр {detail} не найден. Запустите службу «Обозреватель SQL Server» и откройте UDP 1434 либо укажите порт экземпляра вместо имени.',
  },
  certificate: {
    en: 'The server’s certificate is not trusted ({detail}); SQL Server makes a self-signed one where nobody gave it another. Give the authority’s file in `sqlServer.ca`, or in your own network take the certificate unseen: trustServerCertificate: true.',
    ru: 'Сертификат сервера не доверенный ({detail}); если другого не дали, SQL Server делает самоподписанный. Укажите файл удостоверяющего центра в `sqlServer.ca` либо, в своей сети, примите сертификат без проверки: trustServerCertificate: true.',
  },
  tls: {
    en: 'No encrypted channel could be agreed on ({detail}). Old servers only know TLS 1.0: install the Windows and SQL Server updates for TLS 1.2; as a last resort, in your own network alone: encrypt: false.',
    ru: 'Не удалось договориться о шифровании ({detail}). Старые серверы знают только TLS 1.0: установите обновления Windows и SQL Server для TLS 1.2; в крайнем случае и только в своей сети: encrypt: false.',
  },
  no_encryption: {
    en: 'Server and program don’t agree about encryption ({detail}): the one demands it and the other is told to do without. In your own network alone: encrypt: false; if that is what you have, take it away.',
    ru: 'Сервер и программа не договорились о шифровании ({detail}): одна сторона его требует, другой велено обходиться без него. Только в своей сети: encrypt: false; если так и указано – уберите.',
  },
  recovery: {
    en: 'The database is being recovered, restored or is offline ({detail}). Nothing is lost; the next run goes on.',
    ru: 'База восстанавливается или отключена ({detail}). Ничего не потеряно; продолжит следующий запуск.',
  },
  single_user: {
    en: 'The database is in single-user mode and somebody is in it ({detail}). Nothing is lost; the next run goes on.',
    ru: 'База в однопользовательском режиме, и в ней уже кто-то есть ({detail}). Ничего не потеряно; продолжит следующий запуск.',
  },
  not_primary: {
    en: 'This server is not the primary one of its availability group ({detail}). Nothing was done here: the primary’s own runs do it.',
    ru: 'Это не основной сервер группы доступности ({detail}). Здесь ничего не сделано: работу выполняют запуски на основном.',
  },
  no_owner: {
    en: 'The owner of the database is no login of this server ({detail}), as after a restore elsewhere. Run: ALTER AUTHORIZATION ON DATABASE::[name] TO sa',
    ru: 'Владелец базы – не имя входа этого сервера ({detail}), так бывает после восстановления на другом. Выполните: ALTER AUTHORIZATION ON DATABASE::[имя] TO sa',
  },
  slow: {
    en: 'The database didn’t answer in time ({detail}). Nothing half-done was left; the next run goes on.',
    ru: 'База данных не ответила вовремя ({detail}). Ничего недоделанного не осталось; продолжит следующий запуск.',
  },
  dropped: {
    en: 'The connection to the database broke off ({detail}). What was being sent is judged by the next run.',
    ru: 'Соединение с базой данных прервалось ({detail}). Что в этот момент отправлялось, разберёт следующий запуск.',
  },
  upgrading: {
    en: 'The ledger is being installed or upgraded just now, or a run is at work ({detail}). Nothing is lost; try again in a minute.',
    ru: 'Журнал доставок сейчас устанавливается или обновляется, либо идёт запуск ({detail}). Ничего не потеряно; повторите через минуту.',
  },
  old_server: {
    en: 'This SQL Server is too old ({detail}): 2016 or later is needed.',
    ru: 'Этот SQL Server слишком старый ({detail}): нужен 2016 или новее.',
  },
  foreign_owner: {
    en: 'Tillypad’s tables belong to another owner than dbo ({detail}): then the ledger’s procedures may not read them. Run: ALTER AUTHORIZATION ON OBJECT::… TO SCHEMA OWNER',
    ru: 'Таблицы Tillypad принадлежат не dbo ({detail}): тогда процедуры журнала не смогут их читать. Выполните: ALTER AUTHORIZATION ON OBJECT::… TO SCHEMA OWNER',
  },
  no_index: {
    en: 'Tillypad’s operations have no index that begins with their date: every run would read the whole table and hold up the tills. Nothing was installed. Run it in a quiet hour, then install again: {detail}',
    ru: 'У операций Tillypad нет индекса, который начинается с даты: каждый запуск читал бы всю таблицу и задерживал кассы. Ничего не установлено. Выполните в спокойное время и повторите установку: {detail}',
  },
};
