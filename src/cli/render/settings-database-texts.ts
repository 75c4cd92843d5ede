import type { Sentence } from './say.ts';

/** What is wrong with the place of the database. */
export const DATABASE_PROBLEM_TEXTS: Readonly<
  Record<'database_scheme' | 'database_address' | 'database_password_flag' | 'server_incomplete' | 'database_missing', Sentence>
> = {
  database_scheme: {
    en: 'No database is reached by this kind of address. Write mssql://user:password@server/database, or the path of a file.',
    ru: 'По адресу такого вида базы нет. Пишите mssql://имя:пароль@сервер/база либо путь файла.',
  },
  database_address: {
    en: 'The address of the server {why, select, no_server {names no server} no_database {names no database after the server} no_user {names no user} no_password {holds no password, and neither does sqlServer.password} bad_escape {holds a «%» that stands for nothing: write %25} bad_port {has a port that is none: 1 to 65535} port_and_instance {gives both a port and an instance: one of them leads there} unknown_option {has an unknown option «{option}»: instance, domain, encrypt, trustServerCertificate, multiSubnetFailover} bad_option {gives {option} a value that is neither yes nor no} other {can’t be read}}. Write mssql://user:password@server:1433/database; «@», «:», «/», «?», «#» and «%» in a name or password as %40, %3A, %2F, %3F, %23, %25.',
    ru: 'Адрес сервера {why, select, no_server {не называет сервер} no_database {не называет базу после сервера} no_user {не называет имя входа} no_password {не содержит пароля, и в sqlServer.password его нет} bad_escape {содержит «%», который ничего не значит: пишите %25} bad_port {содержит неверный порт: нужен от 1 до 65535} port_and_instance {называет и порт, и экземпляр: нужно одно из двух} unknown_option {содержит неизвестный параметр «{option}»: есть instance, domain, encrypt, trustServerCertificate, multiSubnetFailover} bad_option {даёт {option} значение, которое не yes и не no} other {не читается}}. Пишите mssql://имя:пароль@сервер:1433/база; «@», «:», «/», «?», «#» и «%» в имени и пароле – как %40, %3A, %2F, %3F, %23, %25.',
  },
  database_password_flag: {
    en: 'A password on the command line is seen by everybody on this computer. Leave it out of --database and give it as sqlServer.password in the settings file or in TP_TG_NOTIFY_SQL_SERVER_PASSWORD.',
    ru: 'Пароль в командной строке видят все на этом компьютере. Уберите его из --database и задайте настройкой sqlServer.password в файле или переменной TP_TG_NOTIFY_SQL_SERVER_PASSWORD.',
  },
  server_incomplete: {
    en: 'A server is named, but {key} is not. Give it too, or write it all as one address: database: mssql://user:password@server/database.',
    ru: 'Сервер указан, а {key} – нет. Задайте и его либо запишите всё одним адресом: database: mssql://имя:пароль@сервер/база.',
  },
  database_missing: {
    en: 'No database is named. Give it with --database, in TP_TG_NOTIFY_DATABASE or as `database` in the settings file.',
    ru: 'База данных не указана. Задайте её ключом --database, переменной TP_TG_NOTIFY_DATABASE или настройкой database в файле.',
  },
};
