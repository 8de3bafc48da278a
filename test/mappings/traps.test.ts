import { describe, expect, it } from 'vitest';
import { crosswalk, dossiers, expected, KINDS, MAPPINGS, mappingOf, outward, procedures, yamlOf } from './given.ts';

const DAY = '2026-11-02';

describe('T4: a ward code without its list names no place', () => {
  it('31825 is two places: an old ward of Bạc Liêu city and a ward of today', () => {
    const [old] = outward('ward', '31825@old', DAY);
    const [now] = outward('ward', '31825@2025', DAY);
    expect(old?.label).toContain('Phường 1, Thành phố Bạc Liêu');
    expect(now?.label).toContain('Phường Bạc Liêu');
    expect(outward('ward', '31825', DAY)).toEqual([]);
  });

  it('every new code of Cà Mau was an old code before, and the old meaning keeps its own rows', () => {
    const now = crosswalk('ward').filter((row) => row.ours.endsWith('@2025') && row.label.endsWith(', Cà Mau'));
    expect(now).toHaveLength(64);
    expect(now.filter((row) => outward('ward', `${row.theirs}@old`, DAY).length === 0)).toEqual([]);
  });

  it('a dossier from before 01/07/2025 keeps the old code, and knows no new one', () => {
    expect(outward('ward', '31819@old', '2025-06-30').map((row) => row.theirs)).toEqual(['31819']);
    expect(outward('ward', '31819@old', '2025-07-01').map((row) => row.theirs)).toEqual(['31834']);
    expect(outward('ward', '31834@2025', '2025-06-30')).toEqual([]);
  });
});

describe('T5: a split ward asks a person', () => {
  const choices = () => {
    const wards = new Map<string, string[]>();
    for (const row of crosswalk('ward').filter((each) => each.ours.endsWith('@old') && each.from !== '')) {
      wards.set(row.ours, [...(wards.get(row.ours) ?? []), row.theirs]);
    }
    return wards;
  };

  it('164 old units, 19 of them with a choice of two or three', () => {
    const all = [...choices().values()];
    expect(all).toHaveLength(164);
    expect(all.filter((wards) => wards.length === 2)).toHaveLength(16);
    expect(all.filter((wards) => wards.length === 3)).toHaveLength(3);
    expect(choices().get('32191@old')?.sort()).toEqual(['32191', '32201']);
  });

  it('three wards named Phường 1 are told apart by district and province in what the person reads', () => {
    const labels = crosswalk('ward')
      .filter((row) => row.ours.endsWith('@old') && row.from !== '' && row.label.startsWith('Phường 1,'))
      .map((row) => row.label.split(' (cũ)')[0]);
    expect(new Set(labels).size).toBe(3);
  });
});

describe('T10: procedure codes end and are replaced', () => {
  it('each code that ended names a code that was valid the day after, for the same form, unless its ministry changed', () => {
    const all = procedures();
    const gone = all.filter((row) => row.until !== undefined && row.replacedBy === undefined);
    expect(gone.map((row) => row.form)).toEqual(['licence-copy@1', 'licence-notice@1']);
    const ended = all.filter((row) => row.replacedBy !== undefined);
    expect(ended.map((row) => row.code).sort()).toEqual(['1.011733', '2.000986', '2.001023', '2.002621', '2.002622']);
    for (const row of ended) {
      const next = all.find((candidate) => candidate.code === row.replacedBy);
      expect(next?.form).toBe(row.form);
      expect(next?.from === undefined || next.from > (row.until ?? '')).toBe(true);
    }
  });

  it('catalogue and mapping give each code the same days', () => {
    for (const kind of KINDS) {
      const catalogue = procedures().filter((row) => row.form === `${kind}@1`);
      const mapped = mappingOf('civil-status', kind).for.procedures.map((row) => (typeof row === 'string' ? { code: row } : row));
      const days = (rows: readonly { code: string; from?: unknown; until?: unknown }[]) =>
        rows.map(({ code, from, until }) => ({ code, from, until })).sort((a, b) => a.code.localeCompare(b.code));
      expect(days(mapped)).toEqual(days(catalogue));
    }
  });

  it('the demo refuses exactly the dossiers whose code had ended on their day', () => {
    const late = dossiers().filter((dossier) => {
      const row = procedures().find((each) => dossier.procedure.startsWith(each.code));
      return row?.until !== undefined && dossier.receivedAt.slice(0, 10) > row.until;
    });
    const refused = Object.entries(expected()).filter(([, end]) => 'intake' in end);
    expect(late.map((dossier) => dossier.code).sort()).toEqual(refused.map(([code]) => code).sort());
    expect(late.length).toBeGreaterThan(0);
  });
});

describe('T12: codes keep their leading zeros', () => {
  it('ward, province and ethnic codes have their full width everywhere', () => {
    expect(crosswalk('ward').filter((row) => !/^\d{5}$/.test(row.theirs) || !/^\d{5}@(2025|old)$/.test(row.ours))).toEqual([]);
    expect(crosswalk('province').filter((row) => !/^\d{2}$/.test(row.theirs) || !/^\d{2}@(2025|old)$/.test(row.ours))).toEqual([]);
    expect(outward('ward', '00004@2025', DAY)).toHaveLength(1);
  });

  it('56 ethnic groups have a code, and a code that lost its zero is still read', () => {
    const groups = crosswalk('ethnic').filter((row) => row.direction === '<>');
    expect(groups.map((row) => row.ours)).toEqual(Array.from({ length: 56 }, (_, index) => String(index + 1).padStart(2, '0')));
    expect(crosswalk('ethnic').find((row) => row.direction !== '>' && row.theirs === '5')?.ours).toBe('05');
  });
});

describe('T18: no code crosses from one list into another', () => {
  it('6 of the civil-status list is a refusal, and a refusal never becomes 6, 9 or 10 of the national list', () => {
    const status = yamlOf(MAPPINGS, 'status.yaml') as { refused: Record<string, string> };
    for (const kind of KINDS)
      expect(mappingOf('civil-status', kind).phase?.map).toMatchObject({ 6: 'refused', 7: 'assigned', 4: 'issued' });
    expect(Object.values(status.refused).filter((target) => !['3', '8'].includes(target))).toEqual([]);
  });

  it('only a finished leg finishes a dossier', () => {
    const { phases } = yamlOf(MAPPINGS, 'status.yaml') as { phases: Record<string, string> };
    const finishing = Object.entries(phases).filter(([, target]) => target === '9' || target === '10');
    expect(finishing.map(([phase]) => phase).sort()).toEqual(['handed-over', 'issued']);
  });
});
