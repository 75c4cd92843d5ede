declare module '*/connection.ts?real' {
  export const openConnection: typeof import('../../src/sql-server/connection.ts').openConnection;
}
