import { TRANSITIONS } from '../../src/core/delivery.ts';

/** docs/states.md: the life of a delivery, drawn from the table that the ledger's guards follow. */
export function drawStates(): string {
  const arrows = TRANSITIONS.map(({ from, to, by }) => `  ${from ?? '[*]'} --> ${to}: ${by}`);
  return `# The life of a delivery / Жизнь доставки

Made from the program: \`npm run docs\`. One row of the ledger is one operation's way to one customer; each arrow is one guarded statement.

\`\`\`mermaid
stateDiagram-v2
${arrows.join('\n')}
  delivered --> [*]
  refused --> [*]
  skipped --> [*]
\`\`\`

| state | meaning | состояние |
| --- | --- | --- |
| planned | waits to be told | ждёт отправки |
| sending | marked right before its own call; left so by a run that died, it becomes in_doubt | отправляется; брошенная погибшим запуском становится «под вопросом» |
| delivered | Telegram answered with a message id | доставлена |
| refused | Telegram said no, for good | отклонена |
| in_doubt | the outcome can't be known: told once more with a mark, or left to a person (\`telegram.inDoubt\`) | под вопросом: будет повторена один раз с пометкой или ждёт человека |
| skipped | ended without a notice; the reason stands in the row | без уведомления, с причиной |
`;
}
