/** The ministry's own screens for one record kind, as a person types through them (assisted entry). */

/** One field of a screen, in the order of the screen. */
export interface ScreenField {
  /** Path in the record schema, lists as `list[].field`; null: the screen asks for something the record does not state. */
  readonly field: string | null;
  /** As the screen writes it, in Vietnamese. */
  readonly label: string;
  readonly note: string | null;
  /** Code in the record → what the screen shows for it; codes not named are shown as they are. */
  readonly shown: Readonly<Record<string, string>>;
  /** The screen does not let go without it: asked for where no line gives a value. */
  readonly required: boolean;
  /** Never derived: the person always fills it in. */
  readonly ask: boolean;
}

export interface Screen {
  readonly title: string;
  readonly fields: readonly ScreenField[];
}

/** How the number looks that the ministry gives to what was typed. */
export interface NumberForm {
  readonly label: string;
  readonly pattern: RegExp | null;
  readonly vi: string;
  readonly en: string;
}

export interface Screens {
  readonly number: NumberForm;
  readonly screens: readonly Screen[];
}
