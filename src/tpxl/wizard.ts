/** `from=to`: a parameter's own name in its form, and the name the script uses. */
export interface Renaming {
  readonly from: string;
  readonly to: string;
}

/** One page of the form in which a person fills in a task's parameters. */
export interface WizardStep {
  /** The client's form class. */
  readonly form: string;
  readonly paramsIn: readonly Renaming[];
  readonly paramsOut: readonly Renaming[];
  readonly hintMessage: string;
  readonly hintCaption: string;
  readonly viewCaption: string;
  readonly needed: boolean;
  readonly orderNo: number;
  readonly enableNeededSelect: boolean;
  /** Form class, `_`, and a GUID in capitals. */
  readonly internalName: string;
  readonly interfaceParams: readonly { readonly key: string; readonly value: string }[];
}

export interface Wizard {
  readonly neededParams: readonly string[];
  readonly steps: readonly WizardStep[];
}

/** The keys of a step in the order in which they always stood. */
export const STEP_KEYS = [
  'SelectFormClass',
  'ParamsIn',
  'ParamsOut',
  'HintMessage',
  'HintCaption',
  'ViewCaption',
  'Needed',
  'OrderNo',
  'EnableNeededSelect',
  'InternalName',
  'InterfaceParams',
] as const;

export type StepKey = (typeof STEP_KEYS)[number];
