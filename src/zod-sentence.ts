import type { z } from 'zod';

/** A sentence in both languages; never holds the value it complains of. */
export interface Sentence {
  readonly vi: string;
  readonly en: string;
}

const TYPE_VI: Readonly<Record<string, string>> = {
  string: 'chuỗi ký tự',
  number: 'số',
  int: 'số nguyên',
  boolean: 'true hoặc false',
  array: 'danh sách',
  object: 'nhóm các mục (object)',
  record: 'nhóm các mục (object)',
};

const list = (values: readonly unknown[]): string => values.map(String).join(', ');

const UNITS: Readonly<Record<string, Sentence>> = {
  string: { vi: ' ký tự', en: ' characters' },
  array: { vi: ' phần tử', en: ' elements' },
};

function size(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): Sentence {
  const unit = UNITS[issue.origin] ?? { vi: '', en: '' };
  return issue.code === 'too_small'
    ? { vi: `phải từ ${issue.minimum}${unit.vi} trở lên`, en: `must be ${issue.minimum}${unit.en} or more` }
    : { vi: `không được quá ${issue.maximum}${unit.vi}`, en: `must be ${issue.maximum}${unit.en} or less` };
}

/** One zod issue as people read it. A `custom` issue may carry both languages in `params: { vi, en }`. */
export function zodSentence(issue: z.core.$ZodIssue): Sentence {
  switch (issue.code) {
    case 'invalid_type':
      return {
        vi: `thiếu hoặc sai kiểu: phải là ${TYPE_VI[issue.expected] ?? issue.expected}`,
        en: `missing or of the wrong type: must be ${issue.expected}`,
      };
    case 'unrecognized_keys':
      return { vi: `mục không được biết đến: ${list(issue.keys)}`, en: `unknown key: ${list(issue.keys)}` };
    case 'invalid_value':
      return { vi: `chỉ nhận: ${list(issue.values)}`, en: `must be one of: ${list(issue.values)}` };
    case 'too_small':
    case 'too_big':
      return size(issue);
    case 'invalid_format':
      return { vi: `sai định dạng (${issue.format})`, en: `wrong format (${issue.format})` };
    case 'invalid_union':
      return { vi: 'không khớp với dạng nào được phép', en: 'matches none of the admitted shapes' };
    case 'custom': {
      const { vi, en } = issue.params ?? {};
      if (typeof vi === 'string' && typeof en === 'string') return { vi, en };
      return { vi: 'không hợp lệ', en: 'is not valid' };
    }
    default:
      return { vi: 'không hợp lệ', en: 'is not valid' };
  }
}
