import { createHash } from 'node:crypto';
import type { SheetField, SheetShown } from '../sync/contract.ts';

/** The sheet on paper: plain HTML of its own, nothing fetched from anywhere, every value escaped. */

const STYLE = `body{font:12pt/1.4 "Times New Roman",serif;margin:1.5cm}h1{font-size:15pt}h2{font-size:12.5pt;margin:1em 0 .3em}
table{border-collapse:collapse;width:100%}td,th{border:1px solid #444;padding:.25em .5em;text-align:left;vertical-align:top}
td:first-child{width:38%}.asked{height:1.6em;background:#f3f3f3}.note{font-size:9.5pt;color:#333}@page{margin:1.5cm}`;

/** No script, no picture, no font, no form, no frame: only this style. */
export const PRINT_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const MARKS: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = (text: string): string => text.replace(/[&<>"']/g, (mark) => MARKS[mark] ?? '');

const noted = (note: string | null): string => (note === null ? '' : `<div class="note">${escaped(note)}</div>`);

function row(field: SheetField): string {
  const shown = field.shown === null ? '' : ` (${escaped(field.shown)})`;
  const value = field.is === 'value' ? `${escaped(field.text)}${shown}` : field.is === 'cleared' ? '<em>xóa trống</em>' : '';
  const kind = field.is === 'asked' ? ' class="asked"' : '';
  return `<tr><td>${escaped(field.label)}${noted(field.note)}</td><td${kind}>${value}</td></tr>`;
}

const table = (rows: readonly string[]): string => `<table>${rows.join('')}</table>`;

export function pageOf(sheet: SheetShown): string {
  const number = `${escaped(sheet.number.label)}: ${sheet.number.known === null ? '………………………' : escaped(sheet.number.known)}`;
  const changed = sheet.changed.map(
    ({ label, before, now }) =>
      `<tr><td>${escaped(label)}</td><td>${escaped(now)}<div class="note">trước: ${escaped(before)}</div></td></tr>`,
  );
  const screens = sheet.screens.map(({ title, fields }) => `<h2>${escaped(title)}</h2>${table(fields.map(row))}`);
  return `<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>Phiếu nhập liệu ${escaped(sheet.code)}</title><style>${STYLE}</style></head>
<body><h1>Phiếu nhập liệu: ${escaped(sheet.title.vi)}</h1><p>Hồ sơ ${escaped(sheet.code)}. ${number}</p>
${changed.length === 0 ? '' : `<h2>Hồ sơ đã thay đổi sau khi lập phiếu</h2>${table(changed)}`}${screens.join('')}</body></html>`;
}
