import { build } from '../../src/tpxl/build.ts';
import type { BuildProblem } from '../../src/ports/object-files.ts';

const TASK = '3f2a1b4c-5d6e-4f70-8a9b-0c1d2e3f4a5b';
const NOTE = '00000000-0000-4000-8000-000000000001';
const GROUP = '00000000-0000-4000-8000-000000000002';

/** A definition of every kind of object; `changes` replace its text. */
export const DEFINITION = `
createdAt: '2024-01-15 12:00:00.000'
writtenAt: '2024-01-15 12:00:01.500'
utcOffsetMinutes: 180
objects:
  - kind: taskType
    id: ${TASK}
    name: Пример
    sql: task.sql
    events: [tp_Clients]
    wizard:
      - form: TfmWizardSelectWideString
        rename: { Value: Greeting }
        caption: Текст
        heading: Текст
        id: 8C1D2E3F-4A5B-4C6D-8E7F-90A1B2C3D4E5
      - form: TfmDevices
        options: { EnableMultiSelect: false }
        needed: false
        id: 8C1D2E3F-4A5B-4C6D-8E7F-90A1B2C3D4E6
  - { kind: noteType, id: ${NOTE}, name: chat_ID, unique: true, primary: false }
  - kind: object
    type: 90F94CB6-FDAA-4699-A758-D074E2DC4FB8
    id: ${GROUP}
    name: Заметка со строками
    tables:
      - name: tp_NoteTypes
        columns: [{ name: nttp_ID, type: guid }, { name: nttp_Name, type: text, offset: 39 }]
        rows: [{ nttp_ID: ${GROUP}, nttp_Name: Заметка со строками }]
      - name: tp_NoteTypeObjects
        columns: [{ name: nttpo_ID, type: guid }, { name: nttpo_nttp_ID, type: guid }, { name: nttpo_Date, type: date }, { name: nttpo_TableName, type: text }]
        rows:
          - { nttpo_ID: ${NOTE}, nttpo_nttp_ID: ${GROUP}, nttpo_Date: '2024-01-15 12:00:00.000' }
          - { nttpo_ID: ${TASK}, nttpo_nttp_ID: ${GROUP}, nttpo_TableName: { file: table.txt } }
dependencies:
  - { owner: ${TASK}, child: ${NOTE} }
`;

export const TEXTS: Readonly<Record<string, string>> = {
  'task.sql': '\ufeffDECLARE @text nvarchar(200) = %Greeting\nSELECT dev_ID FROM %Devices\nEXEC external_Sample %TaskID, @text\n\n',
  'table.txt': 'tp_Clients',
};

export function buildFrom(definition = DEFINITION, texts: Readonly<Record<string, string>> = TEXTS): ReturnType<typeof build> {
  return build(definition, (file) => (texts[file] === undefined ? null : Buffer.from(texts[file])));
}

export function builtBytes(definition?: string, texts?: Readonly<Record<string, string>>): Buffer {
  const answer = buildFrom(definition, texts);
  if (!answer.ok) throw new Error(JSON.stringify(answer.problems));
  return Buffer.from(answer.bytes);
}

export function buildProblems(definition: string, texts?: Readonly<Record<string, string>>): readonly BuildProblem[] {
  const answer = buildFrom(definition, texts);
  return answer.ok ? [] : answer.problems;
}
