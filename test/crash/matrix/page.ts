import { RUN_LINE_TEXTS } from '../../../src/cli/render/run-line.ts';
import type { Language } from '../../../src/core/glossary.ts';
import { cellsOf } from './cells.ts';
import type { Window } from './matrix.ts';
import { CALLS, EXCHANGES, SIDES, STAGE_WORDS } from './words.ts';
import type { Words } from './words.ts';

export const PAGES: Readonly<Record<Language, string>> = { en: 'docs/crash-windows.md', ru: 'docs/ru/crash-windows.md' };

/** Windows that follow one another and come to the same are one row. */
interface Row {
  readonly first: Window;
  last: Window;
  count: number;
  readonly cells: readonly string[];
}

export function crashPage(windows: readonly Window[], language: Language): string {
  const ports = windows.filter(({ place }) => place.kind === 'port');
  const wire = windows.filter(({ place }) => place.kind === 'wire');
  return `${HEAD[language]}
## ${TITLES.ports[language]}

${tableOf(ports, language)}
## ${TITLES.wire[language]}

${tableOf(wire, language)}`;
}

function tableOf(windows: readonly Window[], language: Language): string {
  const rows: Row[] = [];
  for (const window of windows) {
    const cells = cellsOf(window.aftermath, language);
    const before = rows.at(-1);
    if (before !== undefined && before.cells.join('|') === cells.join('|') && groupOf(before.last) === groupOf(window)) {
      before.last = window;
      before.count += 1;
    } else rows.push({ first: window, last: window, count: 1, cells });
  }
  const lines = rows.map(({ first, last, count, cells }) => `| ${labelOf(first, last, language)} | ${count} | ${cells.join(' | ')} |`);
  return `${COLUMNS[language]}\n| --- | --- | --- | --- | --- |\n${lines.join('\n')}\n`;
}

/** Calls of ports run on from row to row; each exchange with a service stands for itself. */
function groupOf({ place }: Window): string {
  return place.kind !== 'wire' ? '' : `${place.service} ${place.method} ${place.number}`;
}

function labelOf(first: Window, last: Window, language: Language): string {
  const [from, to] = [placeOf(first, language), placeOf(last, language)];
  const label = from === to ? from : `${from} … ${to}`;
  return first.place.kind === 'port' ? label : `${wordsOf(EXCHANGES, groupOf(first))[language]}: ${label}`;
}

function placeOf({ place }: Window, language: Language): string {
  if (place.kind === 'wire') return STAGE_WORDS[place.stage][language];
  return `${SIDES[place.side][language]} \`${place.call}\` (${wordsOf(CALLS, place.call)[language]})`;
}

function wordsOf(all: Readonly<Record<string, Words>>, key: string): Words {
  const words = all[key];
  if (words === undefined) throw new Error(`no words for ${key}`);
  return words;
}

const TITLES = {
  ports: { en: 'At the calls of the program’s own ports', ru: 'У вызовов собственных портов программы' },
  wire: { en: 'On the wire, byte by byte', ru: 'В сети, байт за байтом' },
} satisfies Record<string, Words>;

const COLUMNS: Readonly<Record<Language, string>> = {
  en: '| where the process dies | points | ledger in that moment | next run: exit code and what it says | guests |',
  ru: '| где погибает процесс | точек | журнал доставок в этот момент | следующий запуск: код и что он пишет | гости |',
};

const HEAD: Readonly<Record<Language, string>> = {
  en: `# Where a run may die, and what comes of it

Made by \`npm run prove -- --chapter crash\`; a test plays it anew and compares. A power cut, a killed process, a crash of Node: for the ledger they are the same.

In each row the same run dies in another place: three guests have an operation each (one of them has just pressed Start), two who aren’t subscribed get an
SMS, an earlier SMS has a status to be asked. Two notices are on the wire at once. Then the next runs go on, by the schedule. What guests see is the
simulators’ own record. Nothing is lost; what may have been told is told again at most once and says so; an SMS is never repeated. What the dead run
left is seen in \`status\` too: its line says «${RUN_LINE_TEXTS.died.en}». A notice in doubt is repeated after \`telegram.repeatAfter\` where
\`telegram.inDoubt\` is \`repeat\` (the default). An SMS in doubt counts as sent, is shown by \`invitations\`, and its guest is invited again only after the
interval and a new operation.
`,
  ru: `# Где запуск может погибнуть и что из этого выйдет

Страница сделана командой \`npm run prove -- --chapter crash\`; тест проигрывает всё заново и сравнивает. Пропало питание, процесс убит, упал Node – для
журнала доставок это одно и то же.

В каждой строке один и тот же запуск гибнет в другом месте: у трёх гостей по операции (один только что нажал Start), двое не подписаны и получают СМС, у
более ранней СМС надо спросить статус. Одновременно в пути два уведомления. Дальше по расписанию идут следующие запуски. Что видят гости, взято из
записей самих симуляторов. Ничего не теряется; о том, что уже могло дойти, рассказывается ещё не более одного раза, с пометкой; СМС не повторяется
никогда. Погибший запуск виден и в \`status\`: в его строке «${RUN_LINE_TEXTS.died.ru}». Уведомление под вопросом повторяется через \`telegram.repeatAfter\`,
если \`telegram.inDoubt\` – \`repeat\` (так по умолчанию). СМС под вопросом считается отправленной, её показывает \`invitations\`, а гостя пригласят снова
только после промежутка и новой операции.
`,
};
