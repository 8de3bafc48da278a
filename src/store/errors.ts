/** A dossier with this code exists already. */
export class CodeTaken extends Error {
  override readonly name = 'CodeTaken';
  readonly code: string;
  constructor(code: string) {
    super(`dossier ${code} exists`);
    this.code = code;
  }
}

/** The store cannot do what was asked; the sentences say why and what to do. They never hold a stored value. */
export class StoreFault extends Error {
  override readonly name = 'StoreFault';
  readonly code: 'busy' | 'closed' | 'keys' | 'sealed' | 'migrations' | 'too-many' | 'too-large' | 'backup';
  readonly vi: string;
  readonly en: string;
  constructor(code: StoreFault['code'], vi: string, en: string, options?: ErrorOptions) {
    super(en, options);
    this.code = code;
    this.vi = vi;
    this.en = en;
  }
}

export const closed = (): StoreFault => new StoreFault('closed', 'Kho dữ liệu đã đóng.', 'The store is closed.');
