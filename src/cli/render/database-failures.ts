import type { UnavailableCode } from '../../ports/database.ts';
import type { Sentence } from './say.ts';

/** What went wrong with the database and what to do about it; `detail` never holds a password. */
export const DATABASE_FAILURES: Readonly<Record<UnavailableCode, Sentence>> = {
  missing: {
    en: 'The database {detail} does not exist. Put the address of Tillypad’s database into `database` or `sqlServer` of the settings. To try the program on an invented restaurant: npm run sample -- FILE.',
    ru: 'Базы данных {detail} нет. Впишите адрес базы Tillypad в настройку `database` или `sqlServer`. Чтобы попробовать программу на выдуманном ресторане: npm run sample -- ФАЙЛ --language ru.',
  },
  no_database: { en: '{detail} is not a database.', ru: '{detail} – не база данных.' },
  no_tillypad: {
    en: 'Tables of Tillypad are missing in this database: {detail}. Check `database` in the settings; if it is the right one, they were taken away or this login can’t see them.',
    ru: 'В этой базе нет таблиц Tillypad: {detail}. Проверьте `database` в настройках; если база та, таблицы удалены или не видны этому имени входа.',
  },
  not_tillypad: {
    en: '{detail} is not Tillypad’s database: neither its customers nor its operations are there. Check `database` in the settings; where a script is run by hand, choose Tillypad’s database first.',
    ru: '{detail} – не база Tillypad: в ней нет ни клиентов, ни операций. Проверьте `database` в настройках; если скрипт выполняется вручную, сначала выберите базу Tillypad.',
  },
  other_columns: {
    en: 'In Tillypad’s tables these columns are missing or of another type than this program knows: {detail}. Nothing was installed. Tillypad is of a version that this program hasn’t met: please report it with this list.',
    ru: 'В таблицах Tillypad этих столбцов нет, или они другого типа, чем знает программа: {detail}. Ничего не установлено. Такая версия Tillypad программе не встречалась: сообщите о ней с этим списком.',
  },
  views_lacking: {
    en: 'Views that were altered lack columns: {detail} (view.column). Nothing was changed. Add the columns, or drop the view: then `install` makes it anew.',
    ru: 'В изменённых представлениях не хватает столбцов: {detail} (представление.столбец). Ничего не изменено. Добавьте столбцы или удалите представление: тогда `install` создаст его заново.',
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
    en: 'The database denies access ({detail}). Give the account that runs this program the right to read and write it and its folder.',
    ru: 'База данных отказывает в доступе ({detail}). Дайте учётной записи, под которой работает программа, право чтения и записи файла и его папки.',
  },
  denied_runner: {
    en: 'The database denies access ({detail}). The login needs a user in it (CREATE USER … FOR LOGIN …) with the role of the runs: ALTER ROLE tgn_runner ADD MEMBER …',
    ru: 'База данных отказывает в доступе ({detail}). Имени входа нужен пользователь в ней (CREATE USER … FOR LOGIN …) с ролью запусков: ALTER ROLE tgn_runner ADD MEMBER …',
  },
  denied_administrator: {
    en: 'The database denies access ({detail}). This command needs more than the runs do: ALTER ROLE tgn_administrator ADD MEMBER …',
    ru: 'База данных отказывает в доступе ({detail}). Этой команде нужно больше, чем запускам: ALTER ROLE tgn_administrator ADD MEMBER …',
  },
  denied_owner: {
    en: 'The database denies it ({detail}). `install`, `upgrade` and `uninstall` need a member of db_owner. Where that is somebody else’s: they run the script by hand (`plan-sql` prints it), and `install` then needs the role tgn_administrator alone.',
    ru: 'База данных отказывает ({detail}). Для `install`, `upgrade` и `uninstall` нужен член db_owner. Если это другой человек: он выполняет скрипт вручную (его печатает `plan-sql`), а `install` после этого хватает роли tgn_administrator.',
  },
  damaged: {
    en: 'The database is damaged ({detail}). Restore it from a backup; then see: tp-tg-notify bind --restored',
    ru: 'База повреждена ({detail}). Восстановите её из копии; затем: tp-tg-notify bind --restored',
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
    en: 'The instance {detail} isn’t found. Start the service «SQL Server Browser» and open UDP 1434, or give the instance’s port instead of its name. Express is delivered with TCP/IP off, and then its instance has no port: SQL Server Configuration Manager → SQL Server Network Configuration → Protocols → TCP/IP → on, then restart the service.',
    ru: 'Экземпляр {detail} не найден. Запустите службу «Обозреватель SQL Server» и откройте UDP 1434 либо укажите порт экземпляра вместо имени. SQL Server Express поставляется с выключенным TCP/IP, и тогда порта у экземпляра нет: SQL Server Configuration Manager → Сетевая конфигурация SQL Server → Протоколы → TCP/IP → включить, затем перезапустите службу.',
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
    en: 'The database or the server is in single-user mode and somebody is in it ({detail}). Nothing is lost; the next run goes on.',
    ru: 'База или сервер в однопользовательском режиме, и там уже кто-то есть ({detail}). Ничего не потеряно; продолжит следующий запуск.',
  },
  not_primary: {
    en: 'This server is not the primary one of its availability group ({detail}). Nothing was done here: the primary’s own runs do it.',
    ru: 'Это не основной сервер группы доступности ({detail}). Здесь ничего не сделано: работу выполняют запуски на основном.',
  },
  secondary: {
    en: 'This server holds a readable replica of the database ({detail}); it can be installed only on the primary one of the availability group. Give the listener’s name in `sqlServer.server`.',
    ru: 'На этом сервере – доступная для чтения реплика базы ({detail}); установить можно только на основном сервере группы доступности. Укажите в `sqlServer.server` имя прослушивателя.',
  },
  no_owner: {
    en: 'The owner of the database is no login of this server ({detail}), as after a restore elsewhere. Run: ALTER AUTHORIZATION ON DATABASE::[name] TO sa',
    ru: 'Владелец базы – не имя входа этого сервера ({detail}), так бывает после восстановления на другом. Выполните: ALTER AUTHORIZATION ON DATABASE::[имя] TO sa',
  },
  slow: {
    en: 'The database didn’t answer in time ({detail}). Nothing half-done was left; the next run goes on.',
    ru: 'База данных не ответила вовремя ({detail}). Ничего недоделанного не осталось; продолжит следующий запуск.',
  },
  memory: {
    en: 'The server has too little memory just now ({detail}). Nothing half-done was left; the next run goes on. If it lasts, look what else works there and at «max server memory».',
    ru: 'Серверу сейчас не хватает памяти ({detail}). Ничего недоделанного не осталось; продолжит следующий запуск. Если это надолго, посмотрите, что ещё работает на сервере, и на параметр «max server memory».',
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
