import type { Owner, Phase } from '../model/words.ts';
import type { GuardNode } from './ast.ts';
import type { Field } from './fields.ts';
import { fieldAt } from './fields.ts';
import type { Line } from './lines.ts';

/** Each line as one sentence in Vietnamese, for people who do not read YAML. */

const OWNER: Readonly<Record<Owner, string>> = {
  give: 'theo hồ sơ một cửa',
  take: 'theo hệ thống chuyên ngành',
  share: 'cả hai bên được sửa, khác nhau thì hỏi',
  start: 'chỉ ghi khi tạo mới',
};
const PHASE: Readonly<Record<Phase, string>> = {
  sent: 'đã gửi',
  accepted: 'đã tiếp nhận',
  assigned: 'đã phân công',
  supplement: 'yêu cầu bổ sung',
  payment: 'yêu cầu nộp tiền',
  issued: 'có kết quả',
  'handed-over': 'đã trả kết quả',
  refused: 'bị từ chối',
  withdrawn: 'đã rút',
  stopped: 'dừng xử lý',
};

const named = (path: string, field: Field | undefined): string => (field?.title == null ? `"${path}"` : `"${path}" (${field.title})`);

export function explainLine(line: Line, hub: Field | undefined, record: Field | undefined): string {
  const there = named(line.recordPath.text, fieldAt(record, line.recordPath));
  const here = line.hubPath === null ? '' : named(line.hubPath.text, fieldAt(hub, line.hubPath));
  const how = line.ready.explain();
  const main =
    line.ready.constant === true
      ? `${there} ${how}`
      : line.owner === 'take'
        ? `${here} lấy từ ${there}: ${how}`
        : `${there} ghi theo ${here}: ${how}`;
  const { node } = line;
  const more = [
    OWNER[line.owner],
    ...(node.seen === null ? [] : [`đọc lại ở "${node.seen.pipe.path?.text ?? ''}"`]),
    ...(node.until === null ? [] : [`từ khi ${PHASE[node.until]} thì theo hệ thống kia`]),
    ...node.when.map(guardWords),
    ...(node.clear === null
      ? []
      : [node.clear === 'omit' ? 'khi xóa thì bỏ trường' : `khi xóa thì ghi ${node.clear === 'null' ? 'null' : 'chuỗi rỗng'}`]),
    ...(node.lossy === null ? [] : [`chấp nhận mất thông tin: ${node.lossy}`]),
  ];
  return `${main}; ${more.join('; ')}.`;
}

function guardWords(guard: GuardNode): string {
  const { test } = guard;
  const path = `"${guard.path.text}"`;
  if (test === 'present') return `chỉ khi có ${path}`;
  if (test === 'absent') return `chỉ khi không có ${path}`;
  return `chỉ khi ${path} là ${test.map((each) => `"${each}"`).join(' hoặc ')}`;
}
